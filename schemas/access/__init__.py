"""Access: how each server is entered, one settings model for each.

Owns: where a server is, how the connection is encrypted, who enters; read from the environment,
refused with the variable's name, rendered for each client library.
Never: connects, or shows a secret: a password is in no repr, message or log.
"""
