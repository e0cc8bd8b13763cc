-- Decide whether a code may be texted, and if so reserve the quotas and write the pending code.
--
-- KEYS  the phone's names (the current one first), one key a shared quota, the captcha's if one
--       was solved
-- ARGV  1 ahead (ms)   2 plan (msgpack, limits.Plan)   3 how many KEYS are names   4 slot
--       5 marks of the secret keys in service, ours first   6 seed   7 digest
--       8 tag of the address that asks   9 how long to remember the captcha (ms)
-- gives {kind, ms to wait, noticed}        refused, nothing changed
--       {'', now, expires, ms until a resend, before, after, noticed}
--                                          taken; before and after are CODE records
--       noticed: what the guard has to say, {kind, level, texts asked for, texts verified} each

local now = clock(tonumber(ARGV[1]))
local plan = cmsgpack.unpack(ARGV[2])
local name_count, slot, marks, tag = tonumber(ARGV[3]), ARGV[4], ARGV[5], ARGV[8]

local state = adopt(name_count)
local code_field, tags_field, own_field = 'c:' .. slot, 'a:' .. slot, 'o:' .. tag .. slot
local kept = redis.call('HMGET', state, 's', code_field, tags_field, own_field, 'k')
local sends, failures = unpack_times(kept[1]), unpack_times(kept[4])
-- Some texts of a phone are for where it is at home: no stranger can use up all of them.
local limits = (kept[5] and not has_tag(kept[5], tag)) and plan.strangers or plan.phone

local captcha = KEYS[name_count + #plan.shared + 1]
local refused, wait, noticed, rings =
  decide(plan, now, name_count, limits, sends, failures, captcha)
if refused ~= '' then return {refused, wait, noticed} end

-- A live code is sent again, its life renewed, as long as it has a whole minute left to promise.
local before = kept[2] or ''
local code = read_code(kept[2])
local alive = code and code.expires > now
local tags = with_tag(alive and kept[3] or '', tag)
local usable = alive and guesses_at(code, failures) < plan.max_guesses and holds(marks, code.mark)
local renewed = usable and math.min(now + plan.ttl, code.first + plan.max_life)
if usable and renewed - now >= plan.least then
  code.expires = renewed
else
  code = {first = now, expires = now + plan.ttl,
          mark = string.sub(marks, 1, 2), seed = ARGV[6], digest = ARGV[7]}
end

sends[#sends + 1] = now
local after = write_code(code)
sweep(state, now, plan.failures[2])
redis.call('HSET', state, 's', pack_times(sends, plan.most), code_field, after, tags_field, tags)
keep(state, plan.keep)
for i, scope in ipairs(plan.shared) do
  change_rings(KEYS[name_count + i], scope[2], rings[i], now, 1, plan.watch and {1, 0})
end
if captcha then redis.call('SET', captcha, '', 'PX', ARGV[9]) end
return {'', now, code.expires, (phone_wait(limits, sends, now)), before, after, noticed}
