"""Answers: the FINAL results that tests of the SDK hear."""

from ingress.sdk import Outcome, Result, Stage


def answer(command_id, outcome=Outcome.ACCEPTED, reason=None, detail=""):
    """The FINAL result of a command of wallet w-1."""
    return Result("w-1", command_id, outcome, reason, detail, Stage.FINAL, 0, 1, None, 1)
