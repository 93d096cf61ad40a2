"""Exceptions: differences that a person has to end, and the way to their end.

Owns: kinds, the life of an exception as a table, ages, who may write off how much.
Never: posts: an end that moves money names the command that asks for it.
"""
