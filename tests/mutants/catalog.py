"""Every mutant: the bugs that the simulation is shown, and those that only a real store has.

Owns: the list. `tests/simulation/planted.py` keeps the first kind, beside the test that plants it.
Never: plants one.
"""

from tests.simulation.planted import BUGS, Bug, Change

ON_STORES = (
    Bug(
        "PostgreSQL: position and rows in two transactions",
        (
            Change(
                "sinks/postgres/sink.py",
                "            with connection.transaction():\n"
                "                with connection.cursor() as cursor:\n"
                "                    _advance(cursor, batch)\n",
                "            with connection.transaction(), connection.cursor() as cursor:\n"
                "                _advance(cursor, batch)\n"
                "            with connection.transaction():\n"
                "                with connection.cursor() as cursor:\n",
            ),
        ),
    ),
    Bug(
        "Redis: set without sequence check",
        (
            Change(
                "sinks/redis/set_if_newer.lua",
                "if not value or tonumber(string.match(value, ' (%d+)$')) "
                "< tonumber(ARGV[at + 2]) then",
                "if true then",
            ),
        ),
    ),
    Bug(
        "Redis: position moved without compare",
        (
            Change(
                "sinks/redis/advance.lua",
                "if (held or '') ~= ARGV[1] then",
                "if held == ARGV[2] then",
            ),
        ),
    ),
    Bug(
        "Cassandra: the client's clock as timestamp",
        (
            Change(
                "sinks/cassandra/sink.py",
                "from collections.abc import Iterable, Sequence\n",
                "import time\nfrom collections.abc import Iterable, Sequence\n",
            ),
            Change(
                "sinks/cassandra/sink.py",
                "(partition, *values, to.next_offset))",
                "(partition, *values, time.time_ns() // 1_000))",
            ),
        ),
    ),
)
MUTANTS = (*BUGS, *ON_STORES)
