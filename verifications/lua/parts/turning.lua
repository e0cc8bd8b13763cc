-- Reading rings, turned to the slots of now, and writing them. `scope` is a limits.Scope: in its
-- `limits` each ring has its most and its window in turn.

local function slot_of(time, window) return math.floor(time * SLOTS / window) end

-- The newest count, of which `older` are the others.
local function newest_of(sum, older)
  for at = 1, #older, 4 do sum = sum - struct.unpack('>I4', older, at) end
  return sum
end

-- A ring's sum and its older counts when so many slots have gone by.
local function shift(sum, older, gone)
  local counts = struct.pack('>I4', newest_of(sum, older)) .. older
  for at = #counts - 4 * gone + 1, #counts, 4 do sum = sum - struct.unpack('>I4', counts, at) end
  return sum, string.rep('\0', 4 * gone - 4) .. string.sub(counts, 1, -4 * gone - 1)
end

-- What read_rings() gives, of a key where a slot has ended or that was written by other limits.
local function turn(raw, limits)
  local held = math.floor(#raw / (HEAD_BYTES + OLDER_BYTES))
  local rings, behind = {turned = true}, string.rep('\0', HEAD_BYTES * #limits / 2)
  for i = 1, #limits / 2 do
    local slot, newest, sum, older = slot_of(now, limits[2 * i]), 0, 0, ''
    if i <= held then
      newest, sum = struct.unpack(HEAD, raw, HEAD_BYTES * (i - 1) + 1)
      local at = HEAD_BYTES * held + OLDER_BYTES * (i - 1)
      older = string.sub(raw, at + 1, at + OLDER_BYTES)
    end
    local gone = slot - newest
    if gone > SLOTS or gone < -SLOTS then
      -- Far ahead of us, it counts slots of another length: the setting was changed. Begin anew.
      sum, older = 0, string.rep('\0', OLDER_BYTES)
    elseif gone > 0 then
      sum, older = shift(sum, older, gone)
    else
      slot = newest
    end
    rings[2 * i - 1], rings[2 * i] = slot, sum
    behind = behind .. older
  end
  rings[#limits + 1] = behind
  return rings
end

-- The rings of a key: slot and sum of each in turn, then the string in which their older counts
-- stand; `turned` where a slot has ended.
local function read_rings(raw, scope)
  local limits = scope.limits
  if not raw or #raw ~= #limits / 2 * (HEAD_BYTES + OLDER_BYTES) then
    return turn(raw or '', limits)
  end
  local rings = {struct.unpack(scope.heads, raw)}
  for i = 1, #limits, 2 do
    local slots = now * SLOTS / limits[i + 1]
    if rings[i] ~= slots - slots % 1 then return turn(raw, limits) end
  end
  rings[#rings] = raw  -- for the last that struct.unpack gives: where it ended
  return rings
end

-- A key whose rings stay in their slots lives long enough since the first text of these.
local function write_rings(key, scope, rings)
  local heads = struct.pack(scope.heads, unpack(rings))
  if not rings.turned then
    redis.call('SETRANGE', key, 0, heads)
  elseif #heads > 0 then
    local longest = 0
    for at = 2, #scope.limits, 2 do longest = math.max(longest, scope.limits[at]) end
    local life = math.ceil(longest * (SLOTS + 1) / SLOTS)
    redis.call('SET', key, heads .. string.sub(rings[#rings], #heads + 1), 'PX', life)
  end
end
