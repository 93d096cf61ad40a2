"""Every topic once: name, key, schema, partitions, retention and who may write.

Owns: the catalogue and the partitioning function.
Never: reads or writes a record.
"""
