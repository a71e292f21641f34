-- A script for wrk: GET /api/user/session with each session of a file in turn.
-- Arguments: a file of lines SESSIONID TOKEN …, then optionally `close` (each request opens a connection) or `pause` (clients wait
-- 20 milliseconds before each request).
local requests, last = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local id, token = line:match("^(%S+) (%S+)")
    local headers = { Host = "dashboard.test", Cookie = "dashboard_session=" .. id .. "." .. token }
    if arguments[2] == "close" then headers["Connection"] = "close" end
    if arguments[2] == "pause" then delay = function() return 20 end end
    requests[#requests + 1] = wrk.format("GET", "/api/user/session?sessionid=" .. id, headers)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

-- One line for Load.swift: requests, microseconds, failures, and the median, 99th percentile and mean latency in microseconds.
function done(summary, latency)
  local errors = summary.errors
  local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("result %d %d %d %d %d %d\n", summary.requests, summary.duration, failures,
    latency:percentile(50), latency:percentile(99), latency.mean))
end
