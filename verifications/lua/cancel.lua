-- No platform took the text: give back what issue.lua reserved, as if it had never been asked.
--
-- KEYS  as for issue.lua, without a captcha's
-- ARGV  1 ahead (ms)   2 slot   3 the time of the reservation (ms)   4 before   5 after
--       6 1 where the guard is to remember the text, as one that nobody verified

-- needs clock times phone keeping rings turning

local slot, reserved_at = ARGV[2], tonumber(ARGV[3])
local before, after, remembered = ARGV[4], ARGV[5], ARGV[6] == '1'
local key, code_field, names = KEYS[1], 'c:' .. slot, #KEYS - SCOPES

-- `times` but for one that is `time`; nil where none is.
local function without(times, time)
  for at = 1, #times, 6 do
    if struct.unpack('>I6', times, at) == time then
      return string.sub(times, 1, at - 1) .. string.sub(times, at + 6)
    end
  end
end

-- Take one text off the i-th ring, in whichever slot it was counted.
local function take_off(rings, limits, i)
  local k, raw = rings[2 * i - 1] - slot_of(reserved_at, limits[2 * i]), rings[#rings]
  local older = HEAD_BYTES * #limits / 2 + OLDER_BYTES * (i - 1)
  local at = older + 4 * k - 3
  if k == 0 and newest_of(rings[2 * i], string.sub(raw, older + 1, older + OLDER_BYTES)) > 0 then
    rings[2 * i] = rings[2 * i] - 1
  elseif k >= 1 and k <= SLOTS and struct.unpack('>I4', raw, at) > 0 then
    local less = struct.pack('>I4', struct.unpack('>I4', raw, at) - 1)
    rings[2 * i] = rings[2 * i] - 1
    rings[#rings] = string.sub(raw, 1, at - 1) .. less .. string.sub(raw, at + 4)
    rings.turned = true
  end
end

-- needs adopting
local fields = read_phone(key)
local sends = without(fields.s or '', reserved_at)
if not sends then return 0 end
fields.s = sends ~= '' and sends or nil
-- Another send in between has changed the code: then it stays.
if fields[code_field] == after then fields[code_field] = before ~= '' and before or nil end
write_phone(key, fields)

local _, _, scopes = lists()
for i, scope in ipairs(scopes) do
  local counted = KEYS[names + i]
  local rings = read_rings(redis.call('GET', counted), scope)
  for w = 1, #scope.limits / 2 do
    local kept = WATCH and (w == 2 or (w == 1 and remembered))
    if not kept then take_off(rings, scope.limits, w) end
  end
  write_rings(counted, scope, rings)
end
return 1
