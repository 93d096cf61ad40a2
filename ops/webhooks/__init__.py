"""`ledgerctl webhooks`: who is told of events, and what became of each telling.

Owns: the verbs and their words.
Never: sends; `python -m sinks webhooks` does.
"""
