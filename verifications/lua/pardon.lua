-- Forget what a phone has used up: its texts and wrong guesses, with the codes that were guessed at.
--
-- KEYS  the phone's names, the current one first
-- gives {texts forgotten, wrong guesses forgotten}

local sends, guesses = 0, 0
for i = 1, #KEYS do
  local all = redis.call('HGETALL', KEYS[i])
  for f = 1, #all, 2 do
    local field, kind = all[f], string.sub(all[f], 1, 2)
    if field == 's' then
      sends = sends + #unpack_times(all[f + 1])
      redis.call('HDEL', KEYS[i], field)
    elseif kind == 'f:' or kind == 'o:' then
      local times = unpack_times(all[f + 1])
      local slot = string.sub(field, kind == 'f:' and 3 or 3 + TAG_BYTES)
      local code = read_code(redis.call('HGET', KEYS[i], 'c:' .. slot))
      guesses = guesses + #times
      redis.call('HDEL', KEYS[i], field)
      if code and guesses_at(code, times) > 0 then
        redis.call('HDEL', KEYS[i], 'c:' .. slot, 'a:' .. slot)
      end
    end
  end
end
return {sends, guesses}
