-- What is known of a code; changes nothing but, after a new secret key, the name of its place.
--
-- KEYS  the phone's names, the current one first
-- ARGV  1 ahead (ms)   2 plan   3 seed
-- gives {ms of life left (0: used, burnt, timed out or gone), ms until a resend}

local now = clock(tonumber(ARGV[1]))
local plan = cmsgpack.unpack(ARGV[2])
local all, fields = redis.call('HGETALL', adopt(#KEYS)), {}
for i = 1, #all, 2 do fields[all[i]] = all[i + 1] end

local life = 0
for field, raw in pairs(fields) do
  if string.sub(field, 1, 2) == 'c:' then
    local code, slot = read_code(raw), string.sub(field, 3)
    local failures = unpack_times(fields['o:' .. last_tag(fields['a:' .. slot]) .. slot])
    if code.seed == ARGV[3] and guesses_at(code, failures) < plan.max_guesses then
      life = math.max(0, code.expires - now)
    end
  end
end
return {life, (phone_wait(plan.phone, unpack_times(fields['s']), now))}
