"""Gates: what must be green before a change goes in.

Owns: the order of checks and test tiers behind `make check` and `make test`.
Never: contains a check itself; each is a tool's, or a file under tests/.
"""
