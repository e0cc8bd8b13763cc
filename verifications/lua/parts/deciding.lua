-- Whether a text may go out: what issue.lua goes by, and look_in.lua tells of.

local UNEASY, ALARMED = 2, 3

-- How the guard feels about a key of limits.Scope, 0 if at ease; and, alarmed, how many texts it
-- would bear.
local function judge(scope, asked, verified)
  local bound = math.max(scope.floor, scope.share * verified)
  if scope.floor == 0 or asked - verified < bound then return 0, 0 end
  if asked - verified < 2 * bound then return UNEASY, 0 end
  return ALARMED, verified + 2 * bound
end

-- ms until the phone's own limits let one more text through, and the kind of the limit that binds.
-- `limits` are each most and window, those of the resend interval first.
local function phone_wait(limits, sends)
  local kind, longest = '', 0
  for i = 1, #limits, 2 do
    local wait = wait_for(sends, limits[i], limits[i + 1])
    if wait > longest then kind, longest = i == 1 and 'cooldown' or 'phone', wait end
  end
  return longest, kind
end

-- ms until one more fits under `most` in the i-th ring; 0 when it fits now.
local function ring_wait(rings, limits, i, most)
  local newest, sum, wait = rings[2 * i - 1], rings[2 * i], 0
  local older = HEAD_BYTES * #limits / 2 + OLDER_BYTES * (i - 1)
  for k = SLOTS, 0, -1 do
    if sum < most then break end
    -- Without the older ones, it is the newest that is left.
    sum = k == 0 and 0 or sum - struct.unpack('>I4', rings[#rings], older + 4 * k - 3)
    wait = (newest + SLOTS + 1 - k) * limits[2 * i] / SLOTS - now
  end
  return wait
end

-- What refuses it ('' for nothing), for how many ms, and what the guard has to say of it (as
-- issue.lua gives it). `limits` are the phone's own, `failures` the wrong guesses of whoever asks,
-- `rings` those of `scopes`; `captcha` is the key of a solved one, if one was solved.
local function decide(limits, sends, failures, scopes, rings, captcha)
  -- Of all that stands in the way, name what lasts longest: after that wait the send will pass.
  local wait, refused = phone_wait(limits, sends)
  local function weigh(kind, ms)
    if ms > wait then refused, wait = kind, ms end
  end
  if failures ~= '' then weigh('failures', wait_for(failures, FAILURES, FAILURE_WINDOW)) end

  local noticed, suspicious = {}, false
  for i = 1, #scopes do
    local scope, ring = scopes[i], rings[i]
    local quotas = scope.limits
    for w = 1, #quotas / 2 do
      local most = quotas[2 * w - 1]
      if ring[2 * w] >= most and most > 0 then
        weigh(scope.kind, ring_wait(ring, quotas, w, most))
      end
    end
    if WATCH then
      local asked, verified = ring[2], ring[4]
      local level, most = judge(scope, asked, verified)
      if level > 0 then noticed[#noticed + 1] = {scope.kind, level, asked, verified} end
      if level == ALARMED and ENFORCE then weigh(scope.kind, ring_wait(ring, quotas, 1, most)) end
      local busy = scope.normal > 0 and asked >= scope.normal
      if busy or (level > 0 and ENFORCE) then suspicious = true end
    end
  end
  if wait == 0 then
    if captcha and redis.call('EXISTS', captcha) == 1 then
      refused = 'captcha_invalid'
    elseif not captcha and (ASK == 2 or (ASK == 1 and suspicious)) then
      refused = 'captcha_required'
    end
  end
  return refused, math.ceil(wait), noticed
end
