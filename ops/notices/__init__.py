"""`ledgerctl notices`: what people want to be told, by which channels, and when not.

Owns: the verbs and their words.
Never: tells anybody; `python -m sinks webhooks` does.
"""
