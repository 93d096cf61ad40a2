"""Bench: the pipeline measured beside the plainest loop that moves the same bytes, in one run.

Owns: every figure of `ledgerctl bench`.
Never: asserts one; machines are shared, so ratios inside one run are what counts.
"""
