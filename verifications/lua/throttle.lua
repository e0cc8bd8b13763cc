-- Count a try, unless there were too many.
--
-- KEYS  the times of those that were counted, packed like a phone's sends
-- ARGV  1 ahead (ms)   2 how many   3 in any stretch of so many ms
-- gives 0 where it was counted, else the ms until one will be

local most, window = tonumber(ARGV[2]), tonumber(ARGV[3])
local now = clock(tonumber(ARGV[1]))
local times = unpack_times(redis.call('GET', KEYS[1]))
local wait = wait_for(times, most, window, now)
if wait == 0 then
  times[#times + 1] = now
  redis.call('SET', KEYS[1], pack_times(times, most), 'PX', window)
end
return wait
