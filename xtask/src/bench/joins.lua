-- Each person joins the queue of the concert, and gets a queue token.

local concert = ...
local path = "/v1/concerts/" .. concert .. "/queue-tokens"

return {
    request = function(line)
        local bearer = line:match("%S+ (%S+)")
        return wrk.format("POST", path, { authorization = "Bearer " .. bearer })
    end,
    served = function(line, body)
        return line .. " " .. field(body, "token")
    end,
}
