-- Each person holds one seat, the next of this half of the hall, and gets a reservation.

local schedule, first_seat, last_seat = ...
local path = "/v1/schedules/" .. schedule .. "/reservations"
local seat = tonumber(first_seat) - 1
local last = tonumber(last_seat)

return {
    request = function(line)
        seat = seat + 1
        if seat > last then
            return nil
        end
        local user, bearer, queue_token = line:match("(%S+) (%S+) (%S+)")
        return wrk.format("POST", path, {
            authorization = "Bearer " .. bearer,
            ["x-queue-token"] = queue_token,
            ["idempotency-key"] = "hold-" .. user,
            ["content-type"] = "application/json",
        }, '{"seats":[' .. seat .. "]}")
    end,
    served = function(line, body)
        return line .. " " .. field(body, "id")
    end,
}
