-- What stands between a phone and its next text, by the rules of issue.lua; changes nothing.
--
-- KEYS  as for issue.lua, without a captcha's
-- ARGV  1 ahead (ms)   2 tag of the address that would ask
--       3 and on: the slots to tell of, beside those with something in them
-- gives standing.Look in msgpack; all waits and lives in ms

-- needs clock times phone keeping rings turning deciding

local tag, names = ARGV[2], #KEYS - SCOPES
local phone, strangers, scopes = lists()

local fields = {}
for i = 1, names do
  fields = read_phone(KEYS[i])
  if next(fields) then break end
end
local sends = fields.s or ''
local stranger = fields.k and not has(fields.k, tag)
local limits = stranger and strangers or phone
local rings = {}
for i, scope in ipairs(scopes) do
  rings[i] = read_rings(redis.call('GET', KEYS[names + i]), scope)
end

local function within(times, window) return count_since(times, now - window + 1) end

-- Wrong guesses: of the address among those that asked that has used up most, or of all others.
local function pool(slot, askers)
  local used, wait, guesses = 0, 0, 0
  local code = fields['c:' .. slot]
  local first = code and struct.unpack(CODE, code)
  for field, times in pairs(fields) do
    local of_asker = string.sub(field, 1, 2) == 'o:' and string.sub(field, 3 + TAG_BYTES) == slot
    if (askers and of_asker) or (not askers and field == 'f:' .. slot) then
      used = math.max(used, within(times, FAILURE_WINDOW))
      wait = math.max(wait, wait_for(times, FAILURES, FAILURE_WINDOW))
      guesses = math.max(guesses, first and count_since(times, first) or 0)
    end
  end
  return {used, wait, guesses}
end

local slots, seen = {}, {}
local function tell(slot)
  if seen[slot] then return end
  seen[slot] = true
  local code, failures = fields['c:' .. slot], fields['o:' .. tag .. slot] or ''
  local refused, wait = decide(limits, sends, failures, scopes, rings, nil)
  slots[#slots + 1] = {slot, code and math.max(0, struct.unpack('>I6', code, 7) - now) or 0,
                       pool(slot, true), pool(slot, false), refused, wait}
end
for i = 3, #ARGV do tell(ARGV[i]) end
for field in pairs(fields) do
  local kind = string.sub(field, 1, 2)
  if kind == 'c:' or kind == 'f:' then tell(string.sub(field, 3)) end
  if kind == 'o:' then tell(string.sub(field, 3 + TAG_BYTES)) end
end

local own = {}
for i = 1, #limits, 2 do
  local most, window = limits[i], limits[i + 1]
  own[#own + 1] = {i == 1 and 'cooldown' or 'phone', most, window, within(sends, window),
                   wait_for(sends, most, window)}
end

local shares = {}
for i, scope in ipairs(scopes) do
  local quotas = {}
  for w = 1, #scope.limits / 2 do
    local most, window = scope.limits[2 * w - 1], scope.limits[2 * w]
    if most > 0 then
      quotas[#quotas + 1] = {scope.kind, most, window, rings[i][2 * w],
                             math.ceil(ring_wait(rings[i], scope.limits, w, most))}
    end
  end
  local asked, verified = WATCH and rings[i][2] or 0, WATCH and rings[i][4] or 0
  shares[i] = {scope.kind, asked, verified, (judge(scope, asked, verified)), quotas}
end

return cmsgpack.pack({stranger and true or false, own, slots, shares})
