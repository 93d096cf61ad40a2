"""The wallet job: the single writer of the ledger, as a pure step on the exactly-once runtime.

Owns: reading, deciding by `ledger/`, sealing, and what goes out.
Never: does I/O; `streams/runtime` does.
"""
