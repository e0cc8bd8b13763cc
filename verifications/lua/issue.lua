-- Decide whether a code may be texted, and if so reserve the quotas and write the pending code.
--
-- KEYS  the phone's names (the current one first), then one key a shared quota
-- ARGV  1 ahead (ms)   2 plan (msgpack, store.py's Plan)   3 how many KEYS are names   4 slot
--       5 marks of the secret keys in service, ours first   6 seed   7 digest
-- gives {kind, ms to wait}                  refused, nothing changed
--       {'', now, expires, ms until a resend, before, after}     taken; CODE records at the end

local now = clock(tonumber(ARGV[1]))
local plan = cmsgpack.unpack(ARGV[2])
local name_count, slot, marks = tonumber(ARGV[3]), ARGV[4], ARGV[5]

local state = adopt(name_count)
local code_field, failure_field = 'c:' .. slot, 'f:' .. slot
local kept = redis.call('HMGET', state, 's', code_field, failure_field)
local sends, failures = unpack_times(kept[1]), unpack_times(kept[3])

-- Of all that stands in the way, name what lasts longest: after that wait the send will pass.
local refused, wait = '', 0
local function weigh(kind, ms)
  if ms > wait then refused, wait = kind, ms end
end
weigh('failures', wait_for(failures, plan.failures[1], plan.failures[2], now))
local own_wait, own_kind = phone_wait(plan.phone, sends, now)
weigh(own_kind, own_wait)
local rings = {}
for i, quota in ipairs(plan.shared) do
  rings[i] = read_rings(KEYS[name_count + i], quota[2], now)
  for w, limit in ipairs(quota[2]) do weigh(quota[1], ring_wait(rings[i][w], limit[1], now)) end
end
if wait > 0 then return {refused, math.ceil(wait)} end

-- A live code is sent again, its life renewed, as long as it has a whole minute left to promise.
local before = kept[2] or ''
local code = read_code(kept[2])
local live = code and code.expires > now and code.guesses < plan.max_guesses and holds(marks, code.mark)
local renewed = live and math.min(now + plan.ttl, code.first + plan.max_life)
if live and renewed - now >= plan.least then
  code.expires, code.unknown = renewed, 0
else
  code = {first = now, expires = now + plan.ttl, guesses = 0, unknown = 0,
          mark = string.sub(marks, 1, 2), seed = ARGV[6], digest = ARGV[7]}
end

sends[#sends + 1] = now
local after = write_code(code)
sweep(state, now, plan.failures[2])
redis.call('HSET', state, 's', pack_times(sends, plan.most), code_field, after)
redis.call('PEXPIRE', state, plan.keep)
for i, quota in ipairs(plan.shared) do
  change_rings(KEYS[name_count + i], quota[2], rings[i], 1, now)
end
return {'', now, code.expires, (phone_wait(plan.phone, sends, now)), before, after}
