-- Count a guess, compare, consume: a right code passes once, a wrong one is paid for.
--
-- KEYS  the phone's names, the current one first; one key a shared quota, but for the address's
-- ARGV  1 ahead (ms)   2 plan (msgpack, limits.Plan)   3 how many KEYS are names   4 slot
--       5 tag of the address that guesses   6 what the keys of addresses start with
--       7 and on: the digest of the guess under each secret key in service
-- gives {'ok'} | {'expired'} | {'incorrect', guesses left} | {'exhausted', ms to wait}

local now = clock(tonumber(ARGV[1]))
local plan = cmsgpack.unpack(ARGV[2])
local name_count, slot, tag = tonumber(ARGV[3]), ARGV[4], ARGV[5]
local state = adopt(name_count)
local code_field, tags_field, own_field = 'c:' .. slot, 'a:' .. slot, 'o:' .. tag .. slot
local kept = redis.call('HMGET', state, code_field, tags_field, own_field, 'f:' .. slot, 's', 'k')

local code, tags = read_code(kept[1]), kept[2]
if not code or code.expires <= now then return {'expired'} end

local own = has_tag(tags, tag) or has_tag(kept[6], tag)
local failure_field = own and own_field or 'f:' .. slot
local failures = unpack_times(kept[own and 3 or 4])
local most, window = plan.failures[1], plan.failures[2]
local budget_wait = wait_for(failures, most, window, now)
local guesses = guesses_at(code, failures)
if guesses >= plan.max_guesses or budget_wait > 0 then
  local wait = math.max(budget_wait, wait_for(unpack_times(kept[5]), 1, plan.phone[1][3], now))
  return {'exhausted', wait}
end

-- To the credit of the address that asked for the code, wherever it is typed in.
local asker = has_tag(tags, tag) and tag or last_tag(tags)
local function credit()
  local address = ARGV[6] .. asker
  for i, scope in ipairs(plan.shared) do
    local key = KEYS[name_count + i] or address
    change_rings(key, scope[2], read_rings(key, scope[2], now), now, 0, {0, 1})
  end
end

for i = 7, #ARGV do
  if ARGV[i] == code.digest then
    redis.call('HDEL', state, code_field, tags_field)
    redis.call('HSET', state, 'k', known_with(kept[6], asker))
    keep(state, plan.known)
    credit()
    return {'ok'}
  end
end

failures[#failures + 1] = now
redis.call('HSET', state, failure_field, pack_times(failures, most))
keep(state, window)

local recent = 0
for _, time in ipairs(failures) do
  if time + window > now then recent = recent + 1 end
end
return {'incorrect', math.max(0, math.min(plan.max_guesses - guesses - 1, most - recent))}
