"""Bench: the pipeline measured beside the plainest loop that moves the same bytes, in one run."""
