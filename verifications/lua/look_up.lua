-- What is known of a code; changes nothing but, after a new secret key, the name of its place.
--
-- KEYS  the phone's names, the current one first
-- ARGV  1 ahead (ms)   2 seed
-- gives {ms of life left (0: used, burnt, timed out or gone), ms until a resend}

-- needs clock times phone keeping rings deciding

local names = #KEYS
-- needs adopting
local fields, limits = read_phone(KEYS[1]), lists()

local life = 0
for field, code in pairs(fields) do
  if string.sub(field, 1, 2) == 'c:' then
    local first, expires, _, seed = struct.unpack(CODE, code)
    local asker = string.sub(code, -TAG_BYTES)
    local failures = fields['o:' .. asker .. string.sub(field, 3)] or ''
    if seed == ARGV[2] and count_since(failures, first) < MAX_GUESSES then
      life = math.max(0, expires - now)
    end
  end
end
return {life, (phone_wait(limits, fields.s or ''))}
