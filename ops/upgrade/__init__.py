"""`ledgerctl upgrade check`: what this code would decide otherwise than what is in the log.

Owns: the log decided again under the engine version that each Decision names.
Never: writes anything: a difference is a report, and the log stays what it is.
"""
