"""Audit: what the log says, added up independently of the writers, to hold everything else against."""
