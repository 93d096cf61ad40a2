"""`ledgerctl send`: one command, sent by the SDK.

Owns: the words on the command line.
Never: checks a command; the SDK does.
"""
