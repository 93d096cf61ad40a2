"""The entrance: the SDK that produces commands and reads their results.

Owns: shape checks, command ids and keys.
Never: looks at a balance to refuse a command.
"""
