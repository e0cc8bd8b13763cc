-- Decide whether a code may be texted, and if so reserve the quotas and write the pending code.
--
-- KEYS  the phone's names (the current one first), one key a shared quota, the captcha's if one
--       was solved, the two of the outbox if workers send
-- ARGV  1 ahead (ms)   2 slot   3 marks of the secret keys in service, ours first
--       4 seed   5 digest   6 tag of the address that asks
--       7 how long to remember the captcha (ms), 0 if none was solved
--       8 id of the text   9 what outbox.py wants to know of it: both if workers send
-- gives {kind, ms to wait, noticed}        refused, nothing changed
--       {'', now, expires, ms until a resend, before, after, noticed}
--                                          taken; before and after are the code's fields
--       noticed: what the guard has to say, {kind, level, texts asked for, texts verified} each

-- needs clock times phone rings turning deciding

local MOST_TAGS = 10
local MOST_FIELDS = 12

local slot, marks, tag = ARGV[2], ARGV[3], ARGV[6]
local key, code_field = KEYS[1], 'c:' .. slot
local phone, strangers, scopes = lists()
local last = #KEYS - (ARGV[8] and 2 or 0)
local captcha = ARGV[7] ~= '0' and KEYS[last] or nil
local names = last - #scopes - (captcha and 1 or 0)

-- needs adopting
local found = redis.call('MGET', key, unpack(KEYS, names + 1, names + #scopes))
local fields, rings = (found[1] and cmsgpack.unpack(found[1]) or {}), {}
for i = 1, #scopes do rings[i] = read_rings(found[i + 1], scopes[i]) end
local sends, failures = fields.s or '', fields['o:' .. tag .. slot] or ''
-- Some texts of a phone are for where it is at home: no stranger can use up all of them.
local limits = (fields.k and not has(fields.k, tag)) and strangers or phone

local refused, wait, noticed = decide(limits, sends, failures, scopes, rings, captcha)
if refused ~= '' then return {refused, wait, noticed} end

-- A live code is sent again, its life renewed, as long as it has a whole minute left to promise and
-- its key is in service: without that the same code cannot be derived.
local before, tags = fields[code_field], ''
local first, expires, mark, seed, digest = now, now + TTL, string.sub(marks, 1, 2), ARGV[4], ARGV[5]
if before then
  local kept = {struct.unpack(CODE, before)}
  if kept[2] > now then
    tags = string.sub(before, CODE_BYTES + 1)
    local renewed = math.min(now + TTL, kept[1] + MAX_LIFE)
    if renewed - now >= LEAST and count_since(failures, kept[1]) < MAX_GUESSES
       and has(marks, kept[3]) then
      first, expires, mark, seed, digest = kept[1], renewed, kept[3], kept[4], kept[5]
    end
  end
end
if not has(tags, tag) then tags = string.sub(tags .. tag, -MOST_TAGS * TAG_BYTES) end
local after = struct.pack(CODE, first, expires, mark, seed, digest) .. tags

-- A phone used every day for years must not gather the remains of old codes.
local count = 0
for _ in pairs(fields) do count = count + 1 end
if count > MOST_FIELDS then
  for field, raw in pairs(fields) do
    local kind = string.sub(field, 1, 2)
    local guesses = kind == 'f:' or kind == 'o:'
    if (kind == 'c:' and struct.unpack('>I6', raw, 7) <= now)
       or (guesses and count_since(raw, now - FAILURE_WINDOW + 1) == 0) then
      fields[field] = nil
    end
  end
end

sends = add_time(sends, now, MOST)
fields.s, fields[code_field] = sends, after
-- Where it is known at home, it may have longer to live.
local life = fields.k and math.max(KEEP, redis.call('PTTL', key)) or KEEP
redis.call('SET', key, cmsgpack.pack(fields), 'PX', life)
for i = 1, #scopes do
  local ring = rings[i]
  for w = 1, #scopes[i].limits / 2 do
    -- Not that of the texts verified.
    if w ~= 2 or not WATCH then ring[2 * w] = ring[2 * w] + 1 end
  end
  write_rings(KEYS[names + i], scopes[i], ring)
end
if captcha then redis.call('SET', captcha, '', 'PX', ARGV[7]) end
if ARGV[8] then
  redis.call('ZADD', KEYS[last + 1], now, ARGV[8])
  redis.call('HSET', KEYS[last + 2], ARGV[8],
             struct.pack('>I6I6c2c10', now, expires, mark, seed) .. ARGV[9])
end
return {'', now, expires, (phone_wait(limits, sends)), before or '', after, noticed}
