"""What alembic runs: the migrations of the sink, on the connection it was given.

Never: opens a connection or reads a configuration file.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
