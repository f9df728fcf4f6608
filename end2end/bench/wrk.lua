-- What wrk does for bench.py. It prints one line of JSON at the end.
--
-- Without arguments every request is the one of the command line. With `-- FIRST PHONES` the requests are guesses at the
-- codes of so many phones, in turn, beginning with phone number FIRST. Each phone has a network of its own.

local thread

function setup(new)
  thread = new
end

function init(args)
  unexpected = 0
  if #args < 2 then return end
  local first, phones, guess = tonumber(args[1]), tonumber(args[2]), 0

  function request()
    local phone = first + guess % phones
    guess = guess + 1
    return wrk.format('POST', '/authorize/', {
      ['Content-Type'] = 'application/json',
      ['X-Forwarded-For'] = string.format('10.%d.%d.1', math.floor(phone / 256), phone % 256),
    }, string.format('{"phone_number":"+79%05d0000","code":"00000000"}', phone))
  end

  function response(status)
    if status ~= 401 then unexpected = unexpected + 1 end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%f,"bytes":%d,"p50":%d,"p99":%d,"p999":%d,"broken":%d,"refused":%d,"unexpected":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    errors.connect + errors.read + errors.write + errors.timeout, errors.status, thread:get('unexpected')))
end
