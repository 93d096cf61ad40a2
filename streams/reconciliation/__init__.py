"""Reconciliation: what the log says is compared with itself, and with the world outside."""
