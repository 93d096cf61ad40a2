"""Audit: what the log says, added up on its own, to hold everything else against."""
