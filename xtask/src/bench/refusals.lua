-- Each person wants the first seat of this half of the hall, which somebody holds, and is refused.

local schedule, first_seat = ...
local path = "/v1/schedules/" .. schedule .. "/reservations"
local body = '{"seats":[' .. first_seat .. "]}"

return {
    expected = 409,
    request = function(line)
        local user, bearer, queue_token = line:match("(%S+) (%S+) (%S+)")
        return wrk.format("POST", path, {
            authorization = "Bearer " .. bearer,
            ["x-queue-token"] = queue_token,
            ["idempotency-key"] = "refused-" .. user,
            ["content-type"] = "application/json",
        }, body)
    end,
}
