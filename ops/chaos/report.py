"""The report of a run: one JSON document, and one page that explains it without another file.

Owns: the figures, their words and the page's form.
Never: leaves out what was broken.
"""

from __future__ import annotations

import signal
from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any, Final

from ops.bench.quantiles import quantile
from ops.chaos.field import WORKERS
from ops.page import page, table
from streams.runtime.host.exits import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ops.chaos.run import Outcome

# No event in n trials: the chance of one is below 3/n, at 95 % (the rule of three).
RULE_OF_THREE: Final = 3
NOTES_KEPT: Final = 10
ENDINGS: Final = {int(code): code.name for code in ExitCode}


def document_of(outcome: Outcome) -> dict[str, Any]:
    """Return everything a reader or a program may want to know."""
    return {
        "seed": outcome.seed,
        "seconds": outcome.seconds,
        "holds": outcome.holds,
        "broken": outcome.broken,
        "bound": bound_of(outcome.kills, len(outcome.broken)),
        "worker_kills": outcome.kills,
        "sink_kills": outcome.sink_kills,
        "zombie_wake_ups": outcome.zombies,
        "faults": dict(sorted(outcome.faults.items())),
        "records_sent": outcome.sent,
        "sent_again": outcome.retried,
        "poison": outcome.poison,
        "decisions": outcome.decisions,
        "answers_heard": dict(sorted(outcome.answers.items())),
        "recovery_s": recovery_of(outcome.recoveries_s),
        "restarts": outcome.restarts,
        "exits": {name: endings_of(name, codes) for name, codes in outcome.exits.items()},
        "checks": [{**each, "notes": shortened(each["notes"])} for each in outcome.checks],
        "diary": outcome.diary,
    }


def shortened(notes: Sequence[str]) -> list[str]:
    """Return the first notes of a check, and how many there are: an open hold is no news."""
    if len(notes) <= NOTES_KEPT:
        return list(notes)
    return [*notes[:NOTES_KEPT], f"and {len(notes) - NOTES_KEPT} more"]


def endings_of(process: str, codes: Iterable[int]) -> dict[str, int]:
    """Return how a process ended, by the signal's or the exit code's name, and how often."""
    names = ENDINGS if process in WORKERS else {}
    return dict(sorted(Counter(_ending(code, names) for code in codes).items()))


def _ending(code: int, names: Mapping[int, str]) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return f"{code} {names.get(code, '')}".rstrip()


def bound_of(kills: int, broken: int) -> str:
    """Say what a run without a failure shows, and no more."""
    if broken:
        return f"{broken} broken in {kills} worker kills"
    if not kills:
        return "no worker was killed: nothing is shown"
    chance = RULE_OF_THREE / kills
    return f"0 broken in {kills} worker kills: p < 3/{kills} = {chance:.2g} a kill, at 95 %"


def recovery_of(seconds: Sequence[float]) -> dict[str, float]:
    """Return the distribution of recovery times."""
    return {
        "count": len(seconds),
        "p50": round(quantile(seconds, 0.5), 2),
        "p99": round(quantile(seconds, 0.99), 2),
        "max": round(max(seconds, default=0.0), 2),
    }


def summary_of(document: Mapping[str, Any]) -> list[tuple[str, object]]:
    """Return the figures that matter, with their names."""
    recovery = document["recovery_s"]
    return [
        ("seed", document["seed"]),
        ("time with faults", f"{document['seconds']:.0f} s"),
        ("worker kills", document["worker_kills"]),
        ("zombie wake-ups", document["zombie_wake_ups"]),
        ("sink kills", document["sink_kills"]),
        ("records sent", document["records_sent"]),
        ("of these again, with the same id", document["sent_again"]),
        ("of these poison", document["poison"]),
        ("Decisions", document["decisions"]),
        ("recovery, p50", f"{recovery['p50']} s"),
        ("recovery, p99", f"{recovery['p99']} s of {recovery['count']}"),
        ("bound", document["bound"]),
    ]


def page_of(document: Mapping[str, Any]) -> str:
    """Return the page."""
    verdict = "nothing was broken" if document["holds"] else "something was broken"
    colour = "good" if document["holds"] else "bad"
    checks = [
        (each["check"], each["name"], f"{each['looked_at']:,}", each["found"])
        for each in document["checks"]
    ]
    endings = [
        (name, how, times)
        for name, found in document["exits"].items()
        for how, times in found.items()
    ]
    broken = "".join(f"<li><code>{escape(each)}</code></li>" for each in document["broken"])
    body = f"""<h1>Chaos: <span class="{colour}">{verdict}</span></h1>
<p>Real workers, sinks, Kafka, PostgreSQL, Cassandra and Valkey; faults by a schedule drawn from the
seed; then every topic and every store compared, record by record. A recovery lasts from the fault
until each partition it orphaned has a new commit; other faults that fell into it are part of it.
Repeat it with <code>ledgerctl chaos --seed {document["seed"]}</code>: the same faults at the same
times, never the same interleaving.</p>
{table(("figure", ""), summary_of(document))}
<h2>What was broken</h2>{f"<ul>{broken}</ul>" if broken else "<p>Nothing.</p>"}
<h2>Faults</h2>{table(("fault", "times"), document["faults"].items())}
<h2>Answers clients heard</h2>{table(("outcome", "times"), document["answers_heard"].items())}
<h2>Checks</h2>{table(("", "promise", "looked at", "differences"), checks)}
<h2>How processes ended</h2>{table(("process", "how", "times"), endings)}
<h2>Diary</h2>{table(("second", "target", "what"), document["diary"])}
"""
    return page(f"Chaos, seed {document['seed']}", body)
