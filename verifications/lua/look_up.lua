-- The state of one code, by its seed; changes nothing.
--
-- KEYS  the phone's state
-- ARGV  1 ahead (ms)   2 plan   3 seed
-- gives {ms of life left (0: used, timed out or gone), ms until a resend, 1 if its fate is unknown}

local now = clock(tonumber(ARGV[1]))
local plan = cmsgpack.unpack(ARGV[2])
local all = redis.call('HGETALL', KEYS[1])
local life, unknown, sends = 0, 0, {}
for i = 1, #all, 2 do
  if all[i] == 's' then sends = unpack_times(all[i + 1]) end
  if string.sub(all[i], 1, 2) == 'c:' then
    local code = read_code(all[i + 1])
    if code.seed == ARGV[3] and code.guesses < plan.max_guesses then
      life, unknown = math.max(0, code.expires - now), code.unknown
    end
  end
end
return {life, (phone_wait(plan.phone, sends, now)), unknown}
