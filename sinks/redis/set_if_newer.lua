-- Set balances of some hashes, each only if its sequence is newer than the one held.
-- KEYS hashes; ARGV[1] partition, then for each hash how many arguments it has, and these: field,
-- minor, sequence repeated.
-- Amounts stay text: a number of Lua is a double and would lose minor units beyond 2^53.
local first = 3
for _, key in ipairs(KEYS) do
  local after = first + tonumber(ARGV[first - 1])
  local wanted = {}
  for i = first, after - 1, 3 do
    wanted[#wanted + 1] = ARGV[i]
  end
  local held = redis.call('HMGET', key, unpack(wanted))
  local newer = {'partition', ARGV[1]}
  for n, value in ipairs(held) do
    local at = first + (n - 1) * 3
    if not value or tonumber(string.match(value, ' (%d+)$')) < tonumber(ARGV[at + 2]) then
      newer[#newer + 1] = ARGV[at]
      newer[#newer + 1] = ARGV[at + 1] .. ' ' .. ARGV[at + 2]
    end
  end
  redis.call('HSET', key, unpack(newer))
  first = after + 1
end
return #KEYS
