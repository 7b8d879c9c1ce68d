-- So many people come at once, each with one wish: a seat chosen at random, or the next that nobody else asks for.

local schedule, first_seat, seats, people, how = ...
local path = "/v1/schedules/" .. schedule .. "/reservations"
local first, count = tonumber(first_seat), tonumber(seats)
local asked = 0
math.randomseed(first)

local function wish()
    if how == "random" then
        return math.random(count)
    end
    return first + asked - 1
end

return {
    to_the_end = true,
    also_expected = how == "random" and 409 or nil,
    request = function(line)
        if asked == tonumber(people) then
            return nil
        end
        asked = asked + 1
        local user, bearer, queue_token = line:match("(%S+) (%S+) (%S+)")
        return wrk.format("POST", path, {
            authorization = "Bearer " .. bearer,
            ["x-queue-token"] = queue_token,
            ["idempotency-key"] = "rush-" .. user,
            ["content-type"] = "application/json",
        }, '{"seats":[' .. wish() .. "]}")
    end,
}
