-- Each person pays the seat that they hold from the wallet that they charged.

local price = ...

return {
    request = function(line)
        local user, bearer, queue_token, reservation = line:match("(%S+) (%S+) (%S+) (%S+)")
        return wrk.format("POST", "/v1/payments", {
            authorization = "Bearer " .. bearer,
            ["x-queue-token"] = queue_token,
            ["idempotency-key"] = "pay-" .. user,
            ["content-type"] = "application/json",
        }, '{"reservation_id":"' .. reservation .. '","amount":' .. price .. "}")
    end,
    served = function(line)
        return line
    end,
}
