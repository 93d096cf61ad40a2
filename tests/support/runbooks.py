"""Runbooks as tests read them: pages, their parts, and the commands they tell people to type.

Owns: which commands look only, and which need something done before.
Never: runs one.
"""

import re
import shlex

from ops.cli import NOUNS
from ops.root import Root
from tests.support.sources import ROOT

FOLDER = ROOT / "docs/runbooks"
PARTS = ["Symptom", "Check", "Act", "Verify"]
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`(ledgerctl [^`]+)`")
# What a reader puts in himself, as an example of it.
GIVEN = {"COMMAND_ID": "c-1", "$KEY": "office+12ab34cd+AQ"}
# Needs the shadow that the executed line before it makes, or an activation that can be taken back;
# tests/integration/sinks/test_replay.py and tests/unit/ops/test_rollback.py have both.
# An archive is made, looked at and restored by tests/integration/ops/test_backup.py.
AFTER_AN_ACT = (("replay", "diff"), ("policy", "rollback"), ("backup",))
# Of a ledger at rest, some twenty seconds of all checks; tests/integration/ops/test_checker.py.
LONG = (("verify", "all"),)


def pages():
    """Every runbook: its name -> its text."""
    return {
        path.stem: path.read_text(encoding="utf-8")
        for path in sorted(FOLDER.glob("*.md"))
        if path.name != "README.md"
    }


def parts_of(text):
    """The parts of a page, by heading and in order."""
    _, *parts = re.split(r"^## (\w+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def commands_in(text):
    """Every ledgerctl command of a text, as arguments."""
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    lines += INLINE.findall(BLOCK.sub("", text))
    typed = [shlex.split(line) for line in lines if line.strip()]
    strangers = [" ".join(words) for words in typed if words[0] != "ledgerctl"]
    assert not strangers, f"only ledgerctl is checked: {strangers}"
    return [tuple(GIVEN.get(word, word) for word in words[1:]) for words in typed]


def parsed(arguments):
    """The click command that the arguments name, with its options read. Raises click's errors."""
    command = Root(NOUNS, name="ledgerctl")
    context = command.make_context("ledgerctl", list(arguments))
    while hasattr(command, "resolve_command"):
        rest = [*context._protected_args, *context.args]
        name, command, rest = command.resolve_command(context, rest)
        context = command.make_context(name, rest, parent=context)
    return context


def looking():
    """Every command of the pages that changes nothing and needs nothing done before, once."""
    found = dict.fromkeys(each for text in pages().values() for each in commands_in(text))
    return [each for each in found if not _is_left_out(each)]


def _is_left_out(arguments):
    left_out = (*AFTER_AN_ACT, *LONG)
    return "--execute" in arguments or any(arguments[: len(each)] == each for each in left_out)
