-- What every workload shares: where people come from and go to, and how answers are counted.
--
-- People wait in a file, one a line, and each is used once. The line is what a person knows: user id,
-- bearer token, then what earlier workloads got for them. Who is served is written, with what is new, to
-- the next workload's file. Where the file to read is `-`, everybody is new, and their line is empty. wrk
-- runs this with one thread, so nobody else reads the file.
--
--   wrk -t1 -s shared.lua URL -- WORKLOAD.lua FILE_TO_READ FILE_TO_WRITE [the workload's own arguments]
--
-- A workload is a file that returns:
--   request(line) -> what to send for this person, or nil when there is nothing left to ask for
--   served(line, body) -> what this person knows from now on; without it nobody goes on to another workload
--   expected: the status of the answers, 201 if it is not told
--   also_expected: another one that is as good
--   to_the_end: whether everybody's answer is waited for when nobody is left to ask
--   again_and_again: whether the first one follows the last, who then never run out
--   think() -> for how many milliseconds a connection does nothing before it asks
--   is_timed: whether it is told how long the answers with the status that is expected took

local ffi = require("ffi")

ffi.cdef([[
    typedef struct { long seconds; long micros; } bench_time;
    int gettimeofday(bench_time *time, void *zone);
]])

-- `done` runs in another world, and can see only what is global here.
answers = {}
first_refusal = ""
expected = 201
also_expected = 0
started_at = 0
ended_at = 0

local clock = ffi.new("bench_time")
local workload, people_from, people_to

-- How many wait for an answer, and how long a connection with nothing to ask waits for those, in milliseconds.
local waiting = 0
local idle_millis = 0
local IDLE_MILLIS = 200

-- When those asked who are timed, and how many answers took so many milliseconds, from 0.
local asked_at = {}
answers_by_millis = {}

-- Those who wait for an answer. wrk does not tell which request an answer belongs to, but every answer
-- names its user.
local lines = {}

local function now()
    ffi.C.gettimeofday(clock, nil)
    return tonumber(clock.seconds) + tonumber(clock.micros) / 1000000
end

-- A field of a JSON object, if it is a string.
function field(body, name)
    return body:match('"' .. name .. '":"([^"]*)"')
end

function setup(thread)
    only_thread = thread
end

function init(args)
    workload = assert(loadfile(args[1]))(unpack(args, 4))
    expected = workload.expected or 201
    also_expected = workload.also_expected or 0
    people_from = args[2] ~= "-" and assert(io.open(args[2], "r"))
    people_to = assert(io.open(args[3], "w"))
    started_at = now()
    ended_at = started_at
    if workload.to_the_end then
        function delay()
            return idle_millis
        end
    elseif workload.think then
        delay = workload.think
    end
end

function request()
    local line = ""
    if people_from then
        line = people_from:read("*l")
        if not line and workload.again_and_again then
            people_from:seek("set")
            line = people_from:read("*l")
        end
    end
    local message = line and workload.request(line)
    if not message then
        -- Before the loop stops, other connections may ask too: they send what counts nowhere.
        if workload.to_the_end and waiting > 0 then
            idle_millis = IDLE_MILLIS
        else
            wrk.thread:stop()
        end
        return wrk.format("GET", "/healthz")
    end
    waiting = waiting + 1
    if people_from then
        local user = line:match("%S+")
        lines[user] = line
        if workload.is_timed then
            asked_at[user] = now()
        end
    end
    return message
end

function response(status, _, body)
    if workload.to_the_end and status == 200 then
        return
    end
    waiting = waiting - 1
    ended_at = now()
    answers[status] = (answers[status] or 0) + 1
    if status == also_expected then
        return
    end
    if status ~= expected then
        if first_refusal == "" then
            first_refusal = status .. " " .. body:gsub("%s+", " ")
        end
        return
    end
    if workload.is_timed then
        local user = field(body, "user_id")
        local millis = math.floor((ended_at - (asked_at[user] or ended_at)) * 1000)
        answers_by_millis[millis] = (answers_by_millis[millis] or 0) + 1
    end
    if not workload.served then
        return
    end
    local user = field(body, "user_id")
    people_to:write(workload.served(lines[user], body), "\n")
    lines[user] = nil
end

-- The milliseconds that this part of the timed answers took at most.
local function millis_of(part)
    local counts, longest, count = only_thread:get("answers_by_millis"), 0, 0
    for millis, answers in pairs(counts) do
        longest, count = math.max(longest, millis), count + answers
    end
    local left = part * count
    for millis = 0, longest do
        left = left - (counts[millis] or 0)
        if left <= 0 then
            return millis
        end
    end
    return longest
end

function done(summary, latency)
    local errors = summary.errors
    print("bench seconds " .. (only_thread:get("ended_at") - only_thread:get("started_at")))
    print("bench p99_micros " .. latency:percentile(99))
    print("bench timed_p50_millis " .. millis_of(0.5))
    print("bench timed_p99_millis " .. millis_of(0.99))
    print("bench errors " .. errors.connect + errors.read + errors.write + errors.timeout)
    for status, count in pairs(only_thread:get("answers")) do
        print("bench answers " .. status .. " " .. count)
    end
    print("bench expected " .. only_thread:get("expected"))
    print("bench also_expected " .. only_thread:get("also_expected"))
    print("bench refusal " .. only_thread:get("first_refusal"))
end
