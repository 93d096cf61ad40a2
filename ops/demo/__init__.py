"""Demo: a first day of traffic through the real stack, and the proof that it adds up."""
