-- Which platforms may be asked: the circuit breakers.
--
-- KEYS  one hash for all platforms:
--         <name>:send, <name>:receipt  failures in a row
--         <name>:until                 open until this time (ms); after it, half open
-- ARGV  1 ahead (ms)   2 how long a probe may take (ms)   3 and on: the platforms' names
-- gives for each  0 closed, nothing against it   1 closed, or ours to probe   2 open

-- needs clock

local states = {}
for i = 3, #ARGV do
  local name = ARGV[i]
  local kept = redis.call('HMGET', KEYS[1], name .. ':send', name .. ':receipt', name .. ':until')
  local state = (kept[1] or kept[2]) and 1 or 0
  if kept[3] then
    state = 2
    if tonumber(kept[3]) <= now then
      -- Half open: who asks first probes it, and all others wait for what that brings.
      redis.call('HSET', KEYS[1], name .. ':until', string.format('%d', now + tonumber(ARGV[2])))
      state = 1
    end
  end
  states[#states + 1] = state
end
return states
