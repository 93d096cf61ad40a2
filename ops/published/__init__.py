"""`ledgerctl published`: what the publish job said, held against the log.

Owns: the comparison of the topics for analysts with the log, record by record and by totals.
Never: repairs; the topics are a fold of the log and can be made anew.
"""
