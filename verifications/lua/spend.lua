-- Take the money for texts out of today's budgets: for as many as all of them have room for.
--
-- KEYS  1 the day's spending: a hash of amounts, and of what was told of each budget
-- ARGV  1 seconds to keep it   2 price of one text, more than 0   3 how many texts
--       4 as many as that or none: the least that will do
--       5... what is spent from: a field and its limit, or -1 where it has none
--       Money is in ten-thousandths of a yuan.
-- gives how many were paid for, then for each field 1 where it has no room for one text more, else
--       0, and then for each what has to be told, by this caller alone: 0, 80, 100 or 180 (both)

local function whole(number) return string.format('%.0f', number) end

local key, price = KEYS[1], tonumber(ARGV[2])
local budgets, paid = {}, tonumber(ARGV[3])
for at = 5, #ARGV, 2 do
  local field, limit = ARGV[at], tonumber(ARGV[at + 1])
  local spent = tonumber(redis.call('HGET', key, field) or 0)
  budgets[#budgets + 1] = {field = field, limit = limit, spent = spent}
  if limit >= 0 then
    paid = math.min(paid, math.max(0, math.floor((limit - spent) / price)))
  end
end
if paid < tonumber(ARGV[4]) then paid = 0 end

-- A limit that was changed is another budget, of which nothing is told yet.
local function news(budget, full)
  local field = 'told ' .. budget.field
  local level, limit = string.match(redis.call('HGET', key, field) or '', '^(%d) (%d+)$')
  local before = limit == whole(budget.limit) and tonumber(level) or 0
  local now = full and 2 or budget.spent * 100 >= budget.limit * 80 and 1 or 0
  if now <= before then return 0 end
  redis.call('HSET', key, field, now .. ' ' .. whole(budget.limit))
  return (before < 1 and 80 or 0) + (now == 2 and 100 or 0)
end

local answer, told = {paid}, {}
for _, budget in ipairs(budgets) do
  if paid > 0 then
    budget.spent = budget.spent + paid * price
    redis.call('HINCRBY', key, budget.field, whole(paid * price))
  end
  local limited = budget.limit >= 0
  local full = limited and budget.spent + price > budget.limit
  answer[#answer + 1] = full and 1 or 0
  told[#told + 1] = limited and news(budget, full) or 0
end
for _, what in ipairs(told) do answer[#answer + 1] = what end
redis.call('EXPIRE', key, tonumber(ARGV[1]))
return answer
