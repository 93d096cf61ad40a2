"""The HTTP entrance: the commands of the SDK, and the reads of the sinks, for whoever has no Kafka.

A write is produced to the topic of commands and nothing else; its answer is the Decision that the
single writer made. A read asks the store that a sink keeps, and says which one it was.

Owns: routes, problems, keys and roles, back-pressure.
Never: decides, keeps state that a restart would lose, knows a balance it did not read.
"""
