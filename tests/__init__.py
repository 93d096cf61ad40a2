"""Tests by tier, cheapest first; the order is in conftest.py."""
