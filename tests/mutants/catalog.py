"""Every mutant: the bugs that the simulation is shown, those of a real store, those of acts.

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
# An act of an operator is in the chain once, or somebody is told.
OF_ACTS = (
    Bug(
        "acts: a mutation of ledgerctl stays in its file",
        (
            Change(
                "ops/operations.py",
                "    _append(state_dir, line_of(act, _now_us()))\n    _tell_at_end(state_dir)\n",
                "    _append(state_dir, line_of(act, _now_us()))\n",
            ),
        ),
    ),
    Bug(
        "acts: a line counts as sent before the log has it",
        (
            Change(
                "ingress/acts/sending.py",
                "            count += self._send(lines)\n            tray.sent(lines)\n",
                "            tray.sent(lines)\n            count += self._send(lines)\n",
            ),
        ),
    ),
    Bug(
        "acts: a door that ends while it sends does not try again",
        (
            Change(
                "ingress/acts/teller.py",
                "            last = self._ended\n"
                "            sent = [self._sent(tray) for tray in self._trays]\n",
                "            sent = [self._sent(tray) for tray in self._trays]\n"
                "            last = self._ended\n",
            ),
        ),
    ),
    Bug(
        "acts: a door ends without a word of what it could not send",
        (
            Change(
                "ingress/acts/teller.py",
                "        for tray in self._trays:\n"
                "            for left in tray.left():\n"
                '                LOG.error("%s", left)\n',
                "",
            ),
        ),
    ),
    Bug(
        "acts: the same line again is another Decision of the same act",
        (
            Change(
                "ledger/evolving/controls.py",
                "    view.controls.put(event.control_id,",
                "    if not isinstance(event, ActRecorded):\n"
                "        view.controls.put(event.control_id,",
            ),
        ),
    ),
)
MUTANTS = (*BUGS, *ON_STORES, *OF_ACTS)
