-- Heal some fields of a hash: each only while it holds what was read, or something older than wanted.
-- KEYS[1] hash; ARGV[1] partition, then field, held ('' for none), wanted ('' to remove) repeated.
-- Returns how many were changed. Whatever the sink wrote meanwhile is newer, and stays.
local owner = redis.call('HGET', KEYS[1], 'partition')
local changed, set = 0, false
for i = 2, #ARGV, 3 do
  local field, held, wanted = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local now = redis.call('HGET', KEYS[1], field) or ''
  if wanted == '' then
    if now == held and owner == ARGV[1] then
      changed = changed + redis.call('HDEL', KEYS[1], field)
    end
  else
    local sequence = tonumber(string.match(now, ' (%d+)$') or '')
    local older = sequence and sequence < tonumber(string.match(wanted, ' (%d+)$'))
    if now == held or older then
      redis.call('HSET', KEYS[1], field, wanted)
      changed, set = changed + 1, true
    end
  end
end
if set then
  redis.call('HSET', KEYS[1], 'partition', ARGV[1])
elseif owner and redis.call('HLEN', KEYS[1]) == 1 then
  redis.call('DEL', KEYS[1])
end
return changed
