"""API keys: made here, handed out once, kept by their hash.

Owns: the noun `api-key`.
Never: writes the file of keys: whoever runs the entrance puts the entry in.
"""
