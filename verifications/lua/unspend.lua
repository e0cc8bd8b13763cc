-- Give money back that was taken for texts and surely not spent.
--
-- KEYS  1 the day's spending, as for spend.lua
-- ARGV  1 how much   2... the fields it was taken from

for at = 2, #ARGV do
  local spent = tonumber(redis.call('HGET', KEYS[1], ARGV[at]) or 0)
  local rest = math.max(0, spent - tonumber(ARGV[1]))
  -- Where Redis has lost the day, nothing begins that would never expire.
  if spent > 0 then redis.call('HSET', KEYS[1], ARGV[at], string.format('%.0f', rest)) end
end
return 0
