"""`make mutants`: the kill matrix, mutant by tier, with the seconds each tier needed.

Owns: the order, the table, the exit code: 1 when a mutant lives, or when a tier is red without one.
Never: stops at the first find, unless it is told so.
"""

import argparse
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants.catalog import MUTANTS
from tests.mutants.tiers import TIERS, run
from tests.simulation.planted import Bug
from tests.simulation.planting import planted

WIDTH = 52
CELL = 12


def main():
    """Plant every chosen mutant and print its row."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", default="", help="mutants whose name has this in it")
    parser.add_argument("--tier", action="append", choices=[each.name for each in TIERS])
    parser.add_argument("--first", action="store_true", help="a mutant once found is not shown on")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="mutants side by side")
    options = parser.parse_args()
    tiers = [each for each in TIERS if not options.tier or each.name in options.tier]
    print("".join(name.ljust(width) for name, width in columns(tiers)), flush=True)
    if found(Bug("no mutant", ()), tiers):
        print("a tier is red without a mutant: nothing it says counts")
        return 1
    chosen = [each for each in MUTANTS if options.only in each.name]
    with ThreadPoolExecutor(options.jobs) as pool:
        finds = list(pool.map(lambda each: found(each, tiers, first=options.first), chosen))
    living = [each.name for each, find in zip(chosen, finds, strict=True) if not find]
    print(f"{len(chosen) - len(living)} of {len(chosen)} mutants found")
    for name in living:
        print(f"lives: {name}")
    return 1 if living else 0


def columns(tiers):
    return [("mutant", WIDTH), *((each.name, CELL) for each in tiers)]


def found(mutant, tiers, *, first=False):
    """Show the mutant to the tiers and print its row; say whether one of them was red."""
    cells, reds = [], 0
    with tempfile.TemporaryDirectory(prefix="ledger-mutant-") as name:
        folder = planted(mutant, Path(name), tests=True)
        for tier in tiers:
            verdict = run(tier, folder)
            reds += verdict.red
            word = "red" if verdict.red else "-"
            cells.append(f"{word} {verdict.seconds:.0f} s".ljust(CELL))
            if first and verdict.red:
                break
    print(f"{mutant.name.ljust(WIDTH)}{''.join(cells)}", flush=True)
    return reds > 0


if __name__ == "__main__":
    sys.exit(main())
