-- The same phone may stand under the name that an older secret key gave it: take that over. The
-- first `names` KEYS are its names.

for i = 2, names do
  if redis.call('EXISTS', KEYS[1]) == 0 and redis.call('EXISTS', KEYS[i]) == 1 then
    redis.call('RENAME', KEYS[i], KEYS[1])
  end
end
