-- Forget what a phone has used up: its texts and wrong guesses, and the codes that were guessed at.
--
-- KEYS  the phone's names, the current one first
-- ARGV  1 ahead (ms)
-- gives {texts forgotten, wrong guesses forgotten}

-- needs clock times phone keeping

local sends, guesses = 0, 0

-- The wrong guesses that stand in `field`, at codes of `slot`.
local function forget(fields, field, slot)
  local times, code = fields[field], fields['c:' .. slot]
  local first = code and struct.unpack(CODE, code)
  guesses = guesses + #times / 6
  if first and count_since(times, first) > 0 then fields['c:' .. slot] = nil end
  fields[field] = nil
end

for _, key in ipairs(KEYS) do
  local fields = read_phone(key)
  sends = sends + #(fields.s or '') / 6
  fields.s = nil
  for field in pairs(fields) do
    local kind = string.sub(field, 1, 2)
    if kind == 'f:' then forget(fields, field, string.sub(field, 3)) end
    if kind == 'o:' then forget(fields, field, string.sub(field, 3 + TAG_BYTES)) end
  end
  write_phone(key, fields)
end
return {sends, guesses}
