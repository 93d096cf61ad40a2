"""Mutants: planted bugs against every tier, to see which tier finds which, and how fast."""
