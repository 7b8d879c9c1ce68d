-- Reads: each request asks for the path with the queue token of the next of the people whose tokens are in a file, a line
-- each; with `If-None-Match` if an `ETag` is told.
--
--   wrk -t2 -s gets.lua URL -- PATH FILE STATUS [ETAG]

local messages = {}
local next_one = 0
local expected

-- `done` runs in another world, and can see only what is global in each thread's.
unexpected = 0

local threads = {}

function setup(thread)
    threads[#threads + 1] = thread
end

function init(args)
    expected = tonumber(args[3])
    for token in io.lines(args[2]) do
        local headers = { ["x-queue-token"] = token, ["if-none-match"] = args[4] }
        messages[#messages + 1] = wrk.format("GET", args[1], headers)
    end
    -- Looking at every answer costs the load; wrk counts by itself what is 400 or higher.
    if expected ~= 200 then
        function response(status)
            if status ~= expected then
                unexpected = unexpected + 1
            end
        end
    end
end

function request()
    next_one = next_one % #messages + 1
    return messages[next_one]
end

function done(summary, latency)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    for _, thread in ipairs(threads) do
        failed = failed + thread:get("unexpected")
    end
    print("bench rate " .. summary.requests / summary.duration * 1000000)
    print("bench p99_micros " .. latency:percentile(99))
    print("bench failed " .. failed)
end
