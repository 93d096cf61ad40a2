"""Demo: a first day of traffic through the real stack, and the proof that it adds up.

Owns: traffic, figures and proof of `ledgerctl demo`.
Never: judges by what a worker or sink believes; it reads topics and stores.
"""
