-- wrk's script: GET /api/user/session with a different session each time, over and over.
-- Arguments: a file of lines SESSIONID TOKEN …, and `close` for a connection of its own for every request, or `pause` for
-- clients that wait 20 milliseconds before each.
local requests, last = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local id, token = line:match("^(%S+) (%S+)")
    local headers = { Host = "dashboard.test", Cookie = "sessionid=" .. id .. "; token=" .. token }
    if arguments[2] == "close" then headers["Connection"] = "close" end
    if arguments[2] == "pause" then delay = function() return 20 end end
    requests[#requests + 1] = wrk.format("GET", "/api/user/session?sessionid=" .. id, headers)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

-- One line for the bench: requests, microseconds, failures, then the median, the 99th hundredth and the mean latency.
function done(summary, latency)
  local errors = summary.errors
  local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("result %d %d %d %d %d %d\n", summary.requests, summary.duration, failures,
    latency:percentile(50), latency:percentile(99), latency.mean))
end
