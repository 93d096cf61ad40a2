"""A log in memory as the checker reads it: steps beside their inputs, and the other topics.

Owns: the join of writers' logs with their topics, and altered copies for planted differences.
Never: checks anything.
"""

from dataclasses import replace

from ledger.sealing import CHAIN_HEADER
from ops.checker.steps import Inputs, Logged, Step, joined, sealed_steps
from ops.reading import Record
from schemas.codec import encode
from schemas.messages.vocabulary import InputTopic
from streams.wallet.catalogued import TOPIC_NAMES
from topics.catalog import EVENTS


def log_records(writer, attempt=b"one"):
    """The records of a writer's log, as a reader of the topic sees them."""
    return [
        Record(
            EVENTS.name,
            writer.partition,
            each.offset,
            0,
            each.key,
            each.value,
            {CHAIN_HEADER: dict(each.headers)["chain"], "attempt": attempt},
        )
        for each in writer.log
    ]


def inputs_of(writer):
    """The inputs of a writer, each from its first record."""
    return {
        kind: Inputs(iter([input_record(each) for each in writer.topics[name]]), 0)
        for kind, name in TOPIC_NAMES.items()
    }


def input_record(each):
    return Record(
        each.topic, each.partition, each.offset, each.append_time, each.key, each.value, {}
    )


def steps_of(writer, inputs=None):
    """Every step of a writer; damage is a failure."""
    return list(joined(logged_of(writer), inputs or inputs_of(writer)))


def logged_of(writer):
    def damaged(what):
        raise AssertionError(what)

    return sealed_steps(writer.partition, iter(log_records(writer)), damaged)


def altered(step, **changed):
    """The step with some fields of its Decision changed."""
    decision = copied(step.decision, **changed)
    logged = replace(step.logged, decision=decision, value=encode(decision))
    return Step(logged, step.record)


def copied(message, **changed):
    """A message with some fields changed."""
    values = {name: getattr(message, name) for name in message.__match_args__}
    return type(message)(**{**values, **changed})


def with_event(step, kind, **changed):
    """The step with the fields of its event of a kind changed."""
    events = tuple(
        copied(each, **changed) if isinstance(each, kind) else each for each in step.decision.events
    )
    return altered(step, events=events)


def first(steps, condition):
    """Index of the first step that is meant."""
    return next(index for index, step in enumerate(steps) if condition(step.decision))


def has(kind):
    """Whether a Decision has an event of a kind."""
    return lambda decision: any(isinstance(each, kind) for each in decision.events)


def is_command(decision):
    return getattr(decision.source, "topic", None) is InputTopic.COMMANDS


__all__ = [
    "Logged",
    "altered",
    "copied",
    "first",
    "has",
    "input_record",
    "inputs_of",
    "is_command",
    "log_records",
    "logged_of",
    "steps_of",
    "with_event",
]
