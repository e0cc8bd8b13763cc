-- KEYS  1 the day's spending, as for spend.lua
-- ARGV  fields
-- gives the amount of each

local amounts = redis.call('HMGET', KEYS[1], unpack(ARGV))
for i = 1, #ARGV do amounts[i] = tonumber(amounts[i] or 0) end
return amounts
