"""`ledgerctl topics`: the cluster's topics beside the catalogue's.

Owns: the words on the command line.
Never: decides what a topic must be; `topics/` does.
"""
