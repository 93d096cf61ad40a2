"""Redis: the newest balance of every account, disposable and rebuilt from the log.

Owns: its keys and scripts, one idempotent writer, its reads and digest.
Never: the only copy of anything.
"""
