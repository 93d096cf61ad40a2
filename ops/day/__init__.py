"""`ledgerctl day`: business days in the programme's zone, closed by a cut each.

Owns: one pure file about which day may be closed, and the words on the command line.
Never: changes a day that is closed: there is nothing to do it with.
"""
