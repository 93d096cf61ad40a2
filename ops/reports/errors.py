"""What can be wrong with what a report was asked for.

ReportError   the log has no such cut or closed day, or the report lacks an argument   (exit 2)
"""

from __future__ import annotations

from ops.errors import OpsError


class ReportError(OpsError):
    """A report cannot be made of what was asked; the message names the option or partition."""
