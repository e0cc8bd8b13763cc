-- What many phones share (an address, a segment of numbers, everyone) is counted in rings. A window
-- is cut into 12 slots; 13 counts are kept, so the sum covers at least the whole window: never more
-- than `most` pass in any window, and a place comes free at most 1/12 window late.
--
-- A key is one string. In front stands a head for each ring: number of the newest slot, sum of all
-- counts. Behind the heads stand the 12 older counts of each, the latest first; the newest is what
-- they leave of the sum. So a text changes but the heads, until a slot ends. The guard's two rings
-- (texts asked for, texts verified) come first, then one ring a quota.

local SLOTS = 12
local HEAD, HEAD_BYTES = '>I6I4', 10
local OLDER_BYTES = 4 * SLOTS
