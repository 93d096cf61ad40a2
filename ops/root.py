"""The group `ledgerctl`, which imports a noun when it is called.

Owns: how nouns become click commands.
Never: knows what they do.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click

from ops.exits import CLEAN, INTERRUPTED

if TYPE_CHECKING:
    from ops.cli import Noun


class Root(click.Group):
    """A group whose commands are modules."""

    def __init__(self, nouns: Mapping[str, Noun], **options: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(**options)
        self._nouns: Final = nouns

    def list_commands(self, ctx: click.Context) -> list[str]:  # type: ignore[explicit-override]  # noqa: ARG002
        """Return the nouns in the order of the list."""
        return list(self._nouns)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # type: ignore[explicit-override]  # noqa: ARG002
        """Import a noun and return its command."""
        noun = self._nouns.get(cmd_name)
        if noun is None:
            return None
        command = getattr(import_module(noun.module), noun.attribute)
        assert isinstance(command, click.Command), f"{noun.module}.{noun.attribute}"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # type: ignore[explicit-override]  # noqa: ARG002
        """List the nouns without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, noun.about) for name, noun in self._nouns.items()])


def run(nouns: Mapping[str, Noun], arguments: list[str]) -> int:
    """Run ledgerctl with these arguments; return the exit code."""
    about = "Run, look into and repair a wallet ledger whose truth is a Kafka log."
    root = Root(nouns, name="ledgerctl", help=about, context_settings={"max_content_width": 100})
    try:
        code = root.main(arguments, prog_name="ledgerctl", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Abort:
        return INTERRUPTED
    return code if isinstance(code, int) else CLEAN
