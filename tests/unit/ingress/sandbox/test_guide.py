"""The guide of the sandbox is true: its example runs, its tables are the sandbox's."""

import re

from ingress.sandbox import Magic, Sandbox, magic_amounts
from ingress.sandbox.sandbox import SEEDED
from tests.support.sources import ROOT

GUIDE = (ROOT / "docs/guides/sandbox.md").read_text(encoding="utf-8")


def test_the_example_runs_and_prints_what_it_says(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    exec(compile(code, "sandbox.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert printed == re.findall(r"print\(.*\)\s+# (.*)", code)


def test_the_table_of_wallets_is_who_is_there():
    rows = re.findall(r"^\| `(\w+)` \| (\w+), (\w+) \| (\S+)", GUIDE, re.MULTILINE)
    with Sandbox() as sandbox:
        sandbox.seed()
        for (name, kind, tier, held), (wallet_id, seeded) in zip(rows, SEEDED.items(), strict=True):
            assert (name, kind.upper(), tier) == (wallet_id, seeded[0].name, seeded[1].name)
            minor = 0 if held == "nothing" else round(float(held) * 100)
            assert sandbox.balance(name, "EUR") == minor


def test_the_table_of_amounts_is_complete():
    rows = re.findall(r"^\| ([\d,]+) \| `(?:Magic\.)?(\w+)`", GUIDE, re.MULTILINE)
    told = {int(amount.replace(",", "")): name for amount, name in rows}
    assert told == {amount: meaning.name for amount, meaning in magic_amounts().items()}
    assert {each.name for each in Magic} <= set(told.values())
