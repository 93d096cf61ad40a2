"""Acts: what operators do, from a line in a file to a record in the chain.

Owns: the form of a line (`line.py`), what of a file is in the log (`spool.py`), the sending
(`sending.py`, `teller.py`).
Never: decides what is recorded, and never keeps an act from being done.
"""
