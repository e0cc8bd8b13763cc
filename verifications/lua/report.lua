-- What a platform did, to its circuit breaker: so many failures in a row open it.
--
-- KEYS  as for allow.lua
-- ARGV  1 ahead (ms)   2 failures that open it   3 how long (ms)   4 name
--       5 'send' or 'receipt'   6 1 for a success, 0 for a failure
-- gives 1 if this has opened it

-- needs clock

local name = ARGV[4]
local counter, until_field = name .. ':' .. ARGV[5], name .. ':until'
if ARGV[6] == '1' then
  -- A text that arrived late says nothing of a platform that refuses now.
  if ARGV[5] == 'send' then redis.call('HDEL', KEYS[1], until_field) end
  redis.call('HDEL', KEYS[1], counter)
  return 0
end
local open = redis.call('HEXISTS', KEYS[1], until_field) == 1
local failures = redis.call('HINCRBY', KEYS[1], counter, 1)
redis.call('PEXPIRE', KEYS[1], 3600000)
if failures < tonumber(ARGV[2]) and not open then return 0 end
redis.call('HSET', KEYS[1], until_field, string.format('%d', now + tonumber(ARGV[3])))
return open and 0 or 1
