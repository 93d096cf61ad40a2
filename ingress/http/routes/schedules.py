"""Schedules: payments later, once or again and again.

Owns: its addresses.
Never: a rule: the ledger decides.
"""

from typing import Final

from ingress.http.route import Write

ONE: Final = "/wallets/{wallet_id}/schedules/{schedule_id}"
WRITES: Final = (
    Write("/wallets/{wallet_id}/schedules", "CreateSchedule", "Pay later, once or repeatedly"),
    Write(f"{ONE}/cancellation", "CancelSchedule", "End it"),
    Write(f"{ONE}/pause", "PauseSchedule", "Pause it"),
    Write(f"{ONE}/resumption", "ResumeSchedule", "Go on with it"),
    Write(f"{ONE}/completion", "CompleteSchedule", "It has nothing more to pay"),
)
