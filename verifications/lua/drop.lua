-- Take texts out of the outbox.
--
-- KEYS  the ids by when they may be taken, the texts
-- ARGV  their ids

redis.call('ZREM', KEYS[1], unpack(ARGV))
redis.call('HDEL', KEYS[2], unpack(ARGV))
