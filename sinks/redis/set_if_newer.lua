-- Set balances of one hash, each only if its sequence is newer than the one held.
-- KEYS[1] hash; ARGV[1] partition, then field, minor, sequence repeated.
-- Amounts stay text: a number of Lua is a double and would lose minor units beyond 2^53.
local wanted = {}
for i = 2, #ARGV, 3 do
  wanted[#wanted + 1] = ARGV[i]
end
local held = redis.call('HMGET', KEYS[1], unpack(wanted))
local newer = {'partition', ARGV[1]}
for n, value in ipairs(held) do
  local at = 2 + (n - 1) * 3
  if not value or tonumber(string.match(value, ' (%d+)$')) < tonumber(ARGV[at + 2]) then
    newer[#newer + 1] = ARGV[at]
    newer[#newer + 1] = ARGV[at + 1] .. ' ' .. ARGV[at + 2]
  end
end
return redis.call('HSET', KEYS[1], unpack(newer))
