-- The platform may or may not have taken the text: let look_up.lua say so.
--
-- KEYS  the phone's names, the current one first
-- ARGV  1 ahead (ms)   2 slot   3 the CODE record as issue.lua wrote it

local state, field = adopt(#KEYS), 'c:' .. ARGV[2]
if redis.call('HGET', state, field) == ARGV[3] then
  local code = read_code(ARGV[3])
  code.unknown = 1
  redis.call('HSET', state, field, write_code(code))
end
return 1
