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

local ffi = require("ffi")

ffi.cdef([[
    typedef struct { long seconds; long micros; } bench_time;
    int gettimeofday(bench_time *time, void *zone);
]])

-- `done` runs in another world, and can see only what is global here.
answers = {}
first_refusal = ""
expected = 201
started_at = 0
ended_at = 0

local clock = ffi.new("bench_time")
local workload, people_from, people_to

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
    people_from = args[2] ~= "-" and assert(io.open(args[2], "r"))
    people_to = assert(io.open(args[3], "w"))
    started_at = now()
    ended_at = started_at
end

function request()
    local line = ""
    if people_from then
        line = people_from:read("*l")
    end
    local message = line and workload.request(line)
    if not message then
        -- Before the loop stops, other connections may ask too: they send what counts nowhere.
        wrk.thread:stop()
        return wrk.format("GET", "/healthz")
    end
    if people_from then
        lines[line:match("%S+")] = line
    end
    return message
end

function response(status, _, body)
    ended_at = now()
    answers[status] = (answers[status] or 0) + 1
    if status ~= expected then
        if first_refusal == "" then
            first_refusal = status .. " " .. body:gsub("%s+", " ")
        end
        return
    end
    if not workload.served then
        return
    end
    local user = field(body, "user_id")
    people_to:write(workload.served(lines[user], body), "\n")
    lines[user] = nil
end

function done(summary, latency)
    local errors = summary.errors
    print("bench seconds " .. (only_thread:get("ended_at") - only_thread:get("started_at")))
    print("bench p99_micros " .. latency:percentile(99))
    print("bench errors " .. errors.connect + errors.read + errors.write + errors.timeout)
    for status, count in pairs(only_thread:get("answers")) do
        print("bench answers " .. status .. " " .. count)
    end
    print("bench expected " .. only_thread:get("expected"))
    print("bench refusal " .. only_thread:get("first_refusal"))
end
