-- No platform took the text: give back what issue.lua reserved, as if it had never been asked.
--
-- KEYS  as for issue.lua
-- ARGV  1 ahead (ms)   2 plan   3 how many KEYS are names   4 slot
--       5 the time of the reservation (ms)   6 before   7 after (CODE records)
--       8 1 where the guard is to remember the text, as one that nobody verified

local now = clock(tonumber(ARGV[1]))
local plan = cmsgpack.unpack(ARGV[2])
local name_count, reserved_at, before, after = tonumber(ARGV[3]), tonumber(ARGV[5]), ARGV[6], ARGV[7]

local state = adopt(name_count)
local code_field = 'c:' .. ARGV[4]
local kept = redis.call('HMGET', state, 's', code_field)

local sends, given_back = {}, false
for _, time in ipairs(unpack_times(kept[1])) do
  if time == reserved_at and not given_back then
    given_back = true
  else
    sends[#sends + 1] = time
  end
end
if not given_back then return 0 end

if #sends > 0 then
  redis.call('HSET', state, 's', pack_times(sends, #sends))
else
  redis.call('HDEL', state, 's')
end
-- Another send in between has changed the record: then it stays.
if kept[2] == after then
  if before ~= '' then
    redis.call('HSET', state, code_field, before)
  else
    redis.call('HDEL', state, code_field, 'a:' .. ARGV[4])
  end
end
local guarded = plan.watch and {ARGV[8] == '1' and 0 or -1, 0}
for i, scope in ipairs(plan.shared) do
  local key = KEYS[name_count + i]
  change_rings(key, scope[2], read_rings(key, scope[2], now), reserved_at, -1, guarded)
end
return 1
