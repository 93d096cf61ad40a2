"""Operations: ledgerctl and the local stack.

Owns: starting, stopping, looking inside and repairing.
Never: changes data without a printed plan.
"""
