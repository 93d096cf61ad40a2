"""Simulations run without the coverage tracer, which would make them three times as slow."""

import sys
import threading

import pytest


@pytest.fixture
def unmeasured():
    """Run without a tracer; what the seeds execute is measured by the tests beside them."""
    here, there = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    yield
    threading.settrace(there)
    sys.settrace(here)
