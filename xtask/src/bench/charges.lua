-- Each person charges their wallet with the price of a seat.

local price = ...
local body = '{"amount":' .. price .. "}"

return {
    request = function(line)
        local user, bearer = line:match("(%S+) (%S+)")
        return wrk.format("POST", "/v1/users/" .. user .. "/charges", {
            authorization = "Bearer " .. bearer,
            ["idempotency-key"] = "charge-" .. user,
            ["content-type"] = "application/json",
        }, body)
    end,
    served = function(line)
        return line
    end,
}
