-- Several times are kept as one string, oldest first, 6 bytes each.

-- `time` behind as many of `times` as make `most` with it.
local function add_time(times, time, most)
  return string.sub(times .. struct.pack('>I6', time), -6 * most)
end

local function count_since(times, since)
  local count = 0
  for at = 1, #times, 6 do
    if struct.unpack('>I6', times, at) >= since then count = count + 1 end
  end
  return count
end

-- ms until one more fits under `most` in `window`; 0 when it fits now.
local function wait_for(times, most, window)
  local at = #times - 6 * most + 1
  if at < 1 then return 0 end
  local oldest = struct.unpack('>I6', times, at)
  return math.max(0, oldest + window - now)
end
