-- Lend texts of the outbox to a worker, the oldest first.
--
-- KEYS  the ids by when they may be taken, the texts
-- ARGV  1 ahead (ms)   2 how long nobody else is lent them (ms)   3 how many at most
-- gives {ids, texts}

-- needs clock

local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[3])
if #ids == 0 then return {{}, {}} end
local lent = {}
for i, id in ipairs(ids) do lent[2 * i - 1], lent[2 * i] = now + ARGV[2], id end
redis.call('ZADD', KEYS[1], unpack(lent))
return {ids, redis.call('HMGET', KEYS[2], unpack(ids))}
