-- Count a guess, compare, consume: a right code passes once, a wrong one is paid for.
--
-- KEYS  the phone's names, the current one first
-- ARGV  1 ahead (ms)   2 plan (msgpack, store.py's Plan)   3 slot
--       4 and on: the digest of the guess under each secret key in service
-- gives {'ok'} | {'expired'} | {'incorrect', guesses left} | {'exhausted', ms to wait}

local now = clock(tonumber(ARGV[1]))
local plan = cmsgpack.unpack(ARGV[2])
local state = adopt(#KEYS)
local code_field, failure_field = 'c:' .. ARGV[3], 'f:' .. ARGV[3]
local kept = redis.call('HMGET', state, code_field, failure_field, 's')

local code = read_code(kept[1])
if not code or code.expires <= now then return {'expired'} end

local most, window = plan.failures[1], plan.failures[2]
local failures = unpack_times(kept[2])
local budget_wait = wait_for(failures, most, window, now)
if code.guesses >= plan.max_guesses or budget_wait > 0 then
  local wait = math.max(budget_wait, wait_for(unpack_times(kept[3]), 1, plan.phone[1][3], now))
  return {'exhausted', wait}
end

for i = 4, #ARGV do
  if ARGV[i] == code.digest then
    redis.call('HDEL', state, code_field)
    return {'ok'}
  end
end

code.guesses = code.guesses + 1
failures[#failures + 1] = now
redis.call('HSET', state, code_field, write_code(code), failure_field, pack_times(failures, most))
if redis.call('PTTL', state) < window then redis.call('PEXPIRE', state, window) end

local recent = 0
for _, time in ipairs(failures) do
  if time + window > now then recent = recent + 1 end
end
return {'incorrect', math.max(0, math.min(plan.max_guesses - code.guesses, most - recent))}
