-- A phone's state by itself, and how it is changed without living longer.

local function read_phone(key)
  local raw = redis.call('GET', key)
  return raw and cmsgpack.unpack(raw) or {}
end

local function write_phone(key, fields)
  if next(fields) then
    redis.call('SET', key, cmsgpack.pack(fields), 'KEEPTTL')
  else
    redis.call('DEL', key)
  end
end
