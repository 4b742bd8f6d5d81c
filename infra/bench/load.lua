-- For wrk: with BENCH_RUN every request is another resident's own booking, own token, own key,
-- own body; without it, what the command line says. Either way the end is one line for us to read.
local run = os.getenv("BENCH_RUN")

if run then
  local first_sitting = tonumber(os.getenv("BENCH_FIRST_SITTING"))
  local sittings = tonumber(os.getenv("BENCH_SITTINGS"))
  local first_resident = tonumber(os.getenv("BENCH_FIRST_RESIDENT"))
  local residents = tonumber(os.getenv("BENCH_RESIDENTS"))
  local token = os.getenv("BENCH_TOKEN_FORMAT")
  local sent = -1

  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"

  request = function()
    sent = sent + 1
    local who = sent % residents
    wrk.headers["Authorization"] = "Bearer " .. string.format(token, who)
    wrk.headers["Idempotency-Key"] = string.format("%08x-0000-4000-8000-%012x", run, sent)
    return wrk.format(nil, nil, nil, string.format('{"sitting_id":%d,"resident_id":%d}',
      first_sitting + who % sittings, first_resident + who))
  end
end

done = function(summary, latency, requests)
  local errors = summary.errors
  local broken = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    '\nLOAD {"answers":%d,"refused":%d,"broken":%d,"seconds":%.6f,"p50_ms":%.3f,"p95_ms":%.3f,"p99_ms":%.3f}\n',
    summary.requests, errors.status, broken, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
