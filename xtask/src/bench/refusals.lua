-- Each person wants one seat of this half of the hall, which somebody holds, and is refused. It is not the first one, for
-- which the first request of holds asked: wrk makes that one to see whether it may change, and does not send it.

local schedule, first_seat = ...
local path = "/v1/schedules/" .. schedule .. "/reservations"
local body = '{"seats":[' .. first_seat + 10 .. "]}"

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
