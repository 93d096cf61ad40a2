"""`python -m ops.stack`: the stack's commands without the rest of ledgerctl."""

from ops.stack.command import stack

if __name__ == "__main__":
    stack()
