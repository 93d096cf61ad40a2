"""The wallet job: the single writer of the ledger, as a pure step on the exactly-once runtime."""
