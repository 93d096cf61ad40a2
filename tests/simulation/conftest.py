"""Simulations run without the coverage tracer, which would make them three times as slow."""

import pytest

from tests.support.untraced import untraced


@pytest.fixture
def unmeasured():
    """Run without a tracer; what the seeds execute is measured by the tests beside them."""
    with untraced():
        yield
