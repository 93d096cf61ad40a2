"""Guards: the stages that every command passes before limits, funds and fraud rules.

Owns: arrival, shape, state and wallet status; `ledger.decider` puts them in order.
Never: changes anything.
"""
