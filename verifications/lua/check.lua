-- Count a guess, compare, consume: a right code passes once, a wrong one is paid for.
--
-- KEYS  the phone's names, the current one first; where the guard counts, one key a scope, the last
--       that of the address that guesses
-- ARGV  1 ahead (ms)   2 slot   3 tag of the address that guesses
--       4 and on: the digest of the guess under each secret key in service
-- gives 'ok' | {'expired'} | {'incorrect', guesses left} | {'exhausted', ms to wait}

-- needs clock phone rings

local MOST_KNOWN = 3

local slot, tag = ARGV[2], ARGV[3]
local names = #KEYS - SCOPES
local key, code_field = KEYS[1], 'c:' .. slot

-- needs adopting
local found = redis.call('MGET', key, unpack(KEYS, names + 1))
local fields = found[1] and cmsgpack.unpack(found[1]) or {}
local code, known = fields[code_field], fields.k or ''
if not code then return {'expired'} end
local first, expires = struct.unpack('>I6I6', code)
local digest, tags = string.sub(code, DIGEST_AT, CODE_BYTES), string.sub(code, CODE_BYTES + 1)
if expires <= now then return {'expired'} end

local asked = tags == tag or has(tags, tag)
local pool = (asked or has(known, tag)) and 'o:' .. tag .. slot or 'f:' .. slot
local failures, right = fields[pool] or '', false
for i = 4, #ARGV do right = right or ARGV[i] == digest end

if failures ~= '' or not right then
  -- needs times
  local guesses = count_since(failures, first)
  local wait = wait_for(failures, FAILURES, FAILURE_WINDOW)
  if guesses >= MAX_GUESSES or wait > 0 then
    return {'exhausted', math.max(wait, wait_for(fields.s or '', 1, RESEND))}
  end
  if not right then
    failures = add_time(failures, now, FAILURES)
    fields[pool] = failures
    local life = math.max(FAILURE_WINDOW, redis.call('PTTL', key))
    redis.call('SET', key, cmsgpack.pack(fields), 'PX', life)
    local left = FAILURES - count_since(failures, now - FAILURE_WINDOW + 1)
    return {'incorrect', math.max(0, math.min(MAX_GUESSES - guesses - 1, left))}
  end
end

-- It goes to the credit of the address that asked for the code, wherever it is typed in.
local asker = asked and tag or string.sub(tags, -TAG_BYTES)
fields[code_field] = nil
fields.k = asker
if known ~= '' then
  local others = ''
  for at = 1, #known, TAG_BYTES do
    local one = string.sub(known, at, at + TAG_BYTES - 1)
    if one ~= asker then others = others .. one end
  end
  fields.k = string.sub(others .. asker, -MOST_KNOWN * TAG_BYTES)
end
redis.call('SET', key, cmsgpack.pack(fields), 'PX', KNOWN)

local guard_slot = math.floor(now * SLOTS / GUARD_WINDOW)
for i = 1, SCOPES do
  local counted, raw = KEYS[names + i], found[i + 1]
  if i == SCOPES and asker ~= tag then
    counted = string.sub(counted, 1, -TAG_BYTES - 1) .. asker
    raw = redis.call('GET', counted)
  end
  local newest, sum
  if raw then newest, sum = struct.unpack(HEAD, raw, HEAD_BYTES + 1) end
  if newest == guard_slot then
    -- The usual case, at the price of one number.
    redis.call('SETRANGE', counted, HEAD_BYTES + 6, struct.pack('>I4', sum + 1))
  else
    -- needs turning
    local _, _, scopes = lists()
    local rings = read_rings(raw, scopes[i])
    rings[4] = rings[4] + 1
    write_rings(counted, scopes[i], rings)
  end
end
return 'ok'
