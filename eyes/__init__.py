"""Eyes: how a running process tells what it does, and whether it gets on.

Owns: the names of all metrics, the page they are read from, the judgement of progress, the header
of a trace and the way of spans.
Never: imports another room, or does anything on a hot path: what is told was counted per batch.
"""
