"""Lake: the facts for analysts as Apache Iceberg tables, and SQL over them.

Owns: `catalog.py` where the tables are, `columns.py` how a record becomes a row, `table.py` the one
commit of rows and offsets, `feed.py` a topic read into its table, `reads.py` and `views.sql` what
others ask.
Never: unpacks the log; it reads what `streams/publish` made of it.
"""
