"""Vocabulary of the ledger: Avro schemas, generated messages, their codec, money and ids.

Owns: every word that crosses a process boundary, and how it looks in bytes.
Never: imports another room, reads a clock, opens a socket.
"""
