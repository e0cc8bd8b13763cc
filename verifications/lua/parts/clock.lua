-- The time is that of Redis' own clock, in ms since 1970, so that hosts with skewed clocks agree; the
-- first argument of a script is how far we are ahead of it.

local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000) + ARGV[1]
