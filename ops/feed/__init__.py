"""`ledgerctl feed`: the commands of a JSON-lines file, sent by the SDK.

Owns: pace, progress and the summary.
Never: checks a command; the SDK does.
"""
