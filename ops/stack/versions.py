"""Which server versions the project is built and tested with.

Owns: the one place where a server's version is written; docker-compose.yml must name the
same (a contract test compares).
Never: decides where a server comes from.
"""

from typing import Final

KAFKA: Final = "4.1.1"
CASSANDRA: Final = "5.0.8"
# The embedded package is 18.6.3: PostgreSQL 18.6, third build of it.
POSTGRES: Final = "18.6"
VALKEY: Final = "9.1.2"

JAVA_MINIMUM: Final = 17
# Kafka runs on any newer Java, Cassandra 5.0 is supported on 17 alone (21 needs a flag
# that its authors call unsupported).
JAVA_FOR_CASSANDRA: Final = 17
