-- Polls: each request asks for the place of the next of the people whose tokens are in a file, a line each.
--
--   wrk -t2 -s polls.lua URL -- FILE

local messages = {}
local next_one = 0

function init(args)
    for token in io.lines(args[1]) do
        messages[#messages + 1] = wrk.format("GET", "/v1/queue-tokens/current", { ["x-queue-token"] = token })
    end
end

function request()
    next_one = next_one % #messages + 1
    return messages[next_one]
end

function done(summary, latency)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    print("bench rate " .. summary.requests / summary.duration * 1000000)
    print("bench p99_micros " .. latency:percentile(99))
    print("bench failed " .. failed)
end
