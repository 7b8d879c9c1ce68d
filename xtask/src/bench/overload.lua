-- People charge their wallets again and again, each after a while in which they do something else: so many come in a second
-- however long the answers take, as long as those take less than that while.

local price, think_millis, seed = ...
local body = '{"amount":' .. price .. "}"
local number = 0
math.randomseed(tonumber(seed))

return {
    again_and_again = true,
    is_timed = true,
    also_expected = 503,
    -- From half of it to one and a half.
    think = function()
        return math.floor(think_millis * (0.5 + math.random()))
    end,
    request = function(line)
        number = number + 1
        local user, bearer = line:match("(%S+) (%S+)")
        return wrk.format("POST", "/v1/users/" .. user .. "/charges", {
            authorization = "Bearer " .. bearer,
            ["idempotency-key"] = "overload-" .. seed .. "-" .. number,
            ["content-type"] = "application/json",
        }, body)
    end,
}
