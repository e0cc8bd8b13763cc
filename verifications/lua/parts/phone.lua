-- A phone's state is one string, a map in msgpack; a field that would be empty is not there:
--   s         the times of its latest sends
--   c:<slot>  the pending code of a purpose: CODE below, then the tags (12 bytes each) of the
--             addresses that asked for it, oldest first
--   k         those of the addresses that a code was asked from and verified, the latest last
--   o:<tag><slot>  the times of wrong guesses from one of either
--   f:<slot>  those from everywhere else: a stranger cannot use up what the shopper has

-- first text, end of life, key mark, seed, digest
local CODE, CODE_BYTES, DIGEST_AT = '>I6I6c2c10c16', 40, 25
local TAG_BYTES = 12

-- Whether `one` is among `all`, each as long as it.
local function has(all, one)
  for at = 1, #all, #one do
    if string.sub(all, at, at + #one - 1) == one then return true end
  end
  return false
end
