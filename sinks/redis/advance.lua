-- Move the position of a partition, if it is where this writer left it.
-- KEYS[1] hash; ARGV: next offset expected ('' when there must be none), then the new next offset,
-- sequence, chain (hex), topic id. Returns 1 when it moved.
local held = redis.call('HGET', KEYS[1], 'next_offset')
if (held or '') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'next_offset', ARGV[2], 'sequence', ARGV[3], 'chain', ARGV[4],
  'topic_id', ARGV[5])
return 1
