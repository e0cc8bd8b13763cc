-- Count a try, unless there were too many.
--
-- KEYS  the times of those that were counted
-- ARGV  1 ahead (ms)   2 how many   3 in any stretch of so many ms
-- gives 0 where it was counted, else the ms until one will be

-- needs clock times

local most, window = tonumber(ARGV[2]), tonumber(ARGV[3])
local times = redis.call('GET', KEYS[1]) or ''
local wait = wait_for(times, most, window)
if wait == 0 then redis.call('SET', KEYS[1], add_time(times, now, most), 'PX', window) end
return wait
