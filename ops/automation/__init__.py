"""Business automation: `ledgerctl automation check | draw | activate | notices`.

Owns: rules as text that a person writes, their drawings, and how they come into force.
Never: works by a rule; `streams.automation` does.
"""
