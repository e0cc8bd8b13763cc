-- What stands between a phone and its next text, by the rules of issue.lua; changes nothing.
--
-- KEYS  as for issue.lua, without a captcha's
-- ARGV  1 ahead (ms)   2 plan   3 how many KEYS are names   4 tag of the address that would ask
--       5 and on: the slots to tell of, beside those with something in them
-- gives store.Look in msgpack; all waits and lives in ms

local now = clock(tonumber(ARGV[1]))
local plan = cmsgpack.unpack(ARGV[2])
local name_count, tag = tonumber(ARGV[3]), ARGV[4]

local fields = {}
for i = 1, name_count do
  local all = redis.call('HGETALL', KEYS[i])
  for f = 1, #all, 2 do fields[all[f]] = all[f + 1] end
  if #all > 0 then break end
end
local sends = unpack_times(fields['s'])
local stranger = fields['k'] and not has_tag(fields['k'], tag)
local limits = stranger and plan.strangers or plan.phone

local function within(times, window)
  local count = 0
  for _, time in ipairs(times) do
    if time + window > now then count = count + 1 end
  end
  return count
end

-- Wrong guesses: of the address among those that asked that has used up most, or of all others.
local function pool(slot, askers)
  local used, wait, guesses = 0, 0, 0
  local code = read_code(fields['c:' .. slot])
  for field, raw in pairs(fields) do
    local of_asker = string.sub(field, 1, 2) == 'o:' and string.sub(field, 3 + TAG_BYTES) == slot
    if (askers and of_asker) or (not askers and field == 'f:' .. slot) then
      local times = unpack_times(raw)
      used = math.max(used, within(times, plan.failures[2]))
      wait = math.max(wait, wait_for(times, plan.failures[1], plan.failures[2], now))
      guesses = math.max(guesses, code and guesses_at(code, times) or 0)
    end
  end
  return {used, wait, guesses}
end

local slots, seen = {}, {}
local function tell(slot)
  if seen[slot] then return end
  seen[slot] = true
  local code = read_code(fields['c:' .. slot])
  local refused, wait = decide(plan, now, name_count, limits, sends,
                               unpack_times(fields['o:' .. tag .. slot]), nil)
  slots[#slots + 1] = {slot, code and math.max(0, code.expires - now) or 0,
                       pool(slot, true), pool(slot, false), refused, wait}
end
for i = 5, #ARGV do tell(ARGV[i]) end
for field in pairs(fields) do
  local kind = string.sub(field, 1, 2)
  if kind == 'c:' or kind == 'f:' then tell(string.sub(field, 3)) end
  if kind == 'o:' then tell(string.sub(field, 3 + TAG_BYTES)) end
end

local own = {}
for i, limit in ipairs(limits) do
  own[i] = {limit[1], limit[2], limit[3], within(sends, limit[3]),
            wait_for(sends, limit[2], limit[3], now)}
end

local _, _, _, rings = decide(plan, now, name_count, limits, sends, {}, nil)
local scopes = {}
for i, scope in ipairs(plan.shared) do
  local quotas = {}
  for w, limit in ipairs(scope[2]) do
    if limit[1] > 0 then
      quotas[#quotas + 1] = {scope[1], limit[1], limit[2], rings[i][w].sum,
                             math.ceil(ring_wait(rings[i][w], limit[1], now))}
    end
  end
  local asked = plan.watch and rings[i][1].sum or 0
  local verified = plan.watch and rings[i][2].sum or 0
  scopes[i] = {scope[1], asked, verified, (judge(scope, asked, verified)), quotas}
end

return cmsgpack.pack({stranger and true or false, own, slots, scopes})
