-- What every script shares; store.py puts it in front of each.
--
-- A phone's state is one hash:
--   s         the times of its latest sends, oldest first, 6 bytes each (ms since 1970)
--   c:<slot>  the pending code of a purpose: CODE below
--   a:<slot>  the tags of the addresses that asked for it, oldest first, 12 bytes each
--   k         those of the addresses that a code was asked from and verified, the latest last
--   o:<tag><slot>  the times of wrong guesses from either, packed like s
--   f:<slot>  those from everywhere else: a stranger cannot use up what the shopper has
-- What is shared (an address, a segment of numbers, everyone) is one string: RING below. The guard's
-- two rings (texts asked for, texts verified) come first, then one ring a quota.
--
-- Every time comes from Redis' own clock, so hosts with skewed clocks agree.

local function clock(ahead)
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000) + ahead
end

-- The same phone may stand under the name that an older secret key gave it: take that over.
local function adopt(name_count)
  local current = KEYS[1]
  for i = 2, name_count do
    if redis.call('EXISTS', current) == 0 and redis.call('EXISTS', KEYS[i]) == 1 then
      redis.call('RENAME', KEYS[i], current)
    end
  end
  return current
end

-- Exact times ----------------------------------------------------------------------

local function unpack_times(raw)
  local times = {}
  for at = 1, #(raw or ''), 6 do
    times[#times + 1] = struct.unpack('>I6', raw, at)
  end
  return times
end

local function pack_times(times, most)
  local packed = {}
  for i = math.max(1, #times - most + 1), #times do
    packed[#packed + 1] = struct.pack('>I6', times[i])
  end
  return table.concat(packed)
end

-- ms until one more fits under `most` in `window`; 0 when it fits now.
local function wait_for(times, most, window, now)
  local oldest = times[#times - most + 1]
  return oldest and math.max(0, oldest + window - now) or 0
end

-- ms until the phone's own limits let one more text through, and the kind of the limit that binds.
local function phone_wait(limits, sends, now)
  local kind, longest = '', 0
  for _, limit in ipairs(limits) do
    local wait = wait_for(sends, limit[2], limit[3], now)
    if wait > longest then kind, longest = limit[1], wait end
  end
  return longest, kind
end

-- The pending code ------------------------------------------------------------------------------

-- first text, end of life, key mark, seed, digest
local CODE = '>I6I6c2c10c16'

local function read_code(raw)
  if not raw then return nil end
  local first, expires, mark, seed, digest = struct.unpack(CODE, raw)
  return {first = first, expires = expires, mark = mark, seed = seed, digest = digest}
end

-- Whether a code's key is still in service; without it the same code cannot be derived again.
local function holds(marks, mark)
  for at = 1, #marks, 2 do
    if string.sub(marks, at, at + 1) == mark then return true end
  end
  return false
end

local function write_code(c)
  return struct.pack(CODE, c.first, c.expires, c.mark, c.seed, c.digest)
end

-- Wrong guesses at a code, of those at these times: the times go on over the codes of a slot.
local function guesses_at(code, failures)
  local count = 0
  for _, time in ipairs(failures) do
    if time >= code.first then count = count + 1 end
  end
  return count
end

-- Who asked for a code ---------------------------------------------------------------------------

local TAG_BYTES = 12
local MOST_TAGS = 10
local MOST_KNOWN = 3

local function has_tag(tags, tag)
  for at = 1, #(tags or ''), TAG_BYTES do
    if string.sub(tags, at, at + TAG_BYTES - 1) == tag then return true end
  end
  return false
end

-- `tag` behind the others, where it is not yet.
local function with_tag(tags, tag)
  if has_tag(tags, tag) then return tags end
  return string.sub((tags or '') .. tag, -TAG_BYTES * MOST_TAGS)
end

-- `tag` as the latest of the known ones.
local function known_with(known, tag)
  local others = ''
  for at = 1, #(known or ''), TAG_BYTES do
    local one = string.sub(known, at, at + TAG_BYTES - 1)
    if one ~= tag then others = others .. one end
  end
  return string.sub(others .. tag, -TAG_BYTES * MOST_KNOWN)
end

-- A key lives on for `ms` at least.
local function keep(key, ms)
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, ms) end
end

local function last_tag(tags) return string.sub(tags or '', -TAG_BYTES) end

-- A phone used every day for years must not gather the remains of old codes.
local function sweep(state, now, failure_window)
  if redis.call('HLEN', state) <= 12 then return end
  local all = redis.call('HGETALL', state)
  for i = 1, #all, 2 do
    local field, raw = all[i], all[i + 1]
    local kind = string.sub(field, 1, 2)
    local dead = kind == 'c:' and read_code(raw).expires <= now
    if kind == 'f:' or kind == 'o:' then
      local times = unpack_times(raw)
      dead = times[#times] + failure_window <= now
    end
    if dead then redis.call('HDEL', state, field, 'a:' .. string.sub(field, 3)) end
  end
end

-- Shared quotas ---------------------------------------------------------------------------------
-- A window is cut into 12 slots; 13 counts are kept, so the sum covers at least the whole window:
-- never more than `most` pass in any window, and a place comes free at most 1/12 window late.
-- RING: number of the newest slot (6 bytes), sum of the counts (4), the counts, newest first (4 each)

local SLOTS = 12
local KEPT = SLOTS + 1
local RING_BYTES = 10 + 4 * KEPT

local function count_of(counts, k)
  return (struct.unpack('>I4', counts, 4 * k - 3))
end

-- The i-th ring of a quota, moved on to the slot of `now`.
local function read_ring(raw, i, window, now)
  local ring = {step = window / SLOTS, sum = 0}
  ring.slot = math.floor(now / ring.step)
  local at = (i - 1) * RING_BYTES + 1
  if not raw or #raw < at + RING_BYTES - 1 then
    ring.counts = string.rep('\0', 4 * KEPT)
    return ring
  end
  local newest
  newest, ring.sum = struct.unpack('>I6I4', raw, at)
  ring.counts = string.sub(raw, at + 10, at + RING_BYTES - 1)
  local gone = ring.slot - newest
  -- Far ahead of us, it counts slots of another length: the setting was changed. Begin anew.
  if gone > KEPT or gone < -KEPT then gone = KEPT end
  if gone > 0 then
    for k = KEPT - gone + 1, KEPT do ring.sum = ring.sum - count_of(ring.counts, k) end
    ring.counts = string.rep('\0', 4 * gone) .. string.sub(ring.counts, 1, 4 * (KEPT - gone))
  else
    ring.slot = newest
  end
  return ring
end

-- All rings of a key; `windows` are pairs of most and milliseconds.
local function read_rings(key, windows, now)
  local raw, rings = redis.call('GET', key), {}
  for i, window in ipairs(windows) do rings[i] = read_ring(raw, i, window[2], now) end
  return rings
end

-- ms until one more fits under `most`; 0 when it fits now.
local function ring_wait(ring, most, now)
  local sum, wait = ring.sum, 0
  for k = KEPT, 1, -1 do
    if sum < most then break end
    sum = sum - count_of(ring.counts, k)
    wait = (ring.slot + KEPT + 1 - k) * ring.step - now
  end
  return wait
end

-- Put changes (1, 0 or -1) on the rings of a key, in the slot of the time `at`. `guarded` are those
-- of the guard's two rings, nil where there are none.
local function change_rings(key, windows, rings, at, quota, guarded)
  local packed, longest = {}, 0
  for i, ring in ipairs(rings) do
    local change = guarded and guarded[i] or quota
    local k = ring.slot - math.floor(at / ring.step) + 1
    if k >= 1 and k <= KEPT then
      local before = count_of(ring.counts, k)
      local after = math.max(0, before + change)
      ring.sum = ring.sum + after - before
      ring.counts = string.sub(ring.counts, 1, 4 * k - 4) .. struct.pack('>I4', after)
                    .. string.sub(ring.counts, 4 * k + 1)
    end
    packed[i] = struct.pack('>I6I4', ring.slot, ring.sum) .. ring.counts
    longest = math.max(longest, windows[i][2])
  end
  if #rings > 0 then
    redis.call('SET', key, table.concat(packed), 'PX', math.ceil(longest * KEPT / SLOTS))
  end
end

-- The guard ---------------------------------------------------------------------------------------

local UNEASY, ALARMED = 2, 3

-- How the guard feels about a key of limits.Scope, 0 if at ease; and, alarmed, how many texts it
-- would bear.
local function judge(scope, asked, verified)
  local floor, share = scope[4], scope[5]
  local bound = math.max(floor, share * verified)
  if floor == 0 or asked - verified < bound then return 0, 0 end
  if asked - verified < 2 * bound then return UNEASY, 0 end
  return ALARMED, verified + 2 * bound
end

-- Whether a text may go out ------------------------------------------------------------------------

-- What refuses it ('' for nothing), for how many ms, what the guard has to say of it (as issue.lua
-- gives it), and the rings of plan.shared, whose keys stand behind `name_count` others.
-- `limits` are the phone's own, `failures` the wrong guesses of whoever asks; `captcha` is the key of
-- a solved one, if one was solved.
local function decide(plan, now, name_count, limits, sends, failures, captcha)
  -- Of all that stands in the way, name what lasts longest: after that wait the send will pass.
  local refused, wait = '', 0
  local function weigh(kind, ms)
    if ms > wait then refused, wait = kind, ms end
  end
  weigh('failures', wait_for(failures, plan.failures[1], plan.failures[2], now))
  local own_wait, own_kind = phone_wait(limits, sends, now)
  weigh(own_kind, own_wait)

  local rings, noticed, suspicious = {}, {}, false
  for i, scope in ipairs(plan.shared) do
    local kind, windows = scope[1], scope[2]
    rings[i] = read_rings(KEYS[name_count + i], windows, now)
    for w, limit in ipairs(windows) do
      if limit[1] > 0 then weigh(kind, ring_wait(rings[i][w], limit[1], now)) end
    end
    if plan.watch then
      local asked, verified = rings[i][1], rings[i][2]
      local level, most = judge(scope, asked.sum, verified.sum)
      if level > 0 then
        noticed[#noticed + 1] = {kind, level, asked.sum, verified.sum}
      end
      if level == ALARMED and plan.enforce then weigh(kind, ring_wait(asked, most, now)) end
      local busy = scope[3] > 0 and asked.sum >= scope[3]
      if busy or (level > 0 and plan.enforce) then suspicious = true end
    end
  end
  if wait == 0 then
    if captcha and redis.call('EXISTS', captcha) == 1 then
      refused = 'captcha_invalid'
    elseif not captcha and (plan.ask == 2 or (plan.ask == 1 and suspicious)) then
      refused = 'captcha_required'
    end
  end
  return refused, math.ceil(wait), noticed, rings
end
