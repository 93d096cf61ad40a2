"""Proof: signed checkpoints of the log, receipts, and how anybody checks them.

Owns: what is signed and how; the stand-alone verifier.
Never: writes the log; the key that signs is not one of the workers'.
"""
