-- Signs new people in: each gets a user id and a bearer token.

return {
    request = function()
        return wrk.format("POST", "/v1/demo/sessions")
    end,
    served = function(_, body)
        return field(body, "user_id") .. " " .. field(body, "token")
    end,
}
