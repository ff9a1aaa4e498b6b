-- One JSON line with what wrk does not print by itself. HEADERS names a file with one Cookie line per learner.
local cookies, turn = {}, 0

function init()
  wrk.headers["Accept-Encoding"] = "gzip"
  for line in io.lines(os.getenv("COOKIES")) do cookies[#cookies + 1] = line end
end

function request()
  if #cookies > 0 then
    turn = turn % #cookies + 1
    wrk.headers["Cookie"] = cookies[turn]
  end
  return wrk.format()
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    'JSON {"count":%d,"seconds":%.4f,"p50":%.2f,"p95":%.2f,"bytes":%d,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    summary.bytes, e.status + e.connect + e.read + e.write + e.timeout))
end
