"""Reports: accounts, statements and safeguarding, folded from the log up to a cut.

Owns: one pure file per report, and how a report is shown.
Never: reads a store; what the log does not say is not in a report.

A period begins and ends between two Decisions of each partition, at cuts. Since a log only grows,
the same period gives the same bytes for ever.
"""
