"""The Makefile explains itself and holds no logic."""

import re

import pytest

from tests.support.sources import ROOT, text_of

TARGET = re.compile(r"^([a-z-]+):([^#=\n]*)(?:## (.+))?\n((?:\t.*\n)*)", re.MULTILINE)
TARGETS = {m[1]: m for m in TARGET.finditer(text_of("Makefile"))}
EXPECTED = {"help", "setup", "demo", "test", "check", "unit", "integration", "long", "gen", "clean"}
EXPECTED |= {"simulate-long", "chaos", "compose-smoke", "lock", "mutants", "native", "pages"}
EXPECTED |= {"property-long", "nightly", "site", "console-browser"}


def test_targets_are_the_known_ones():
    assert set(TARGETS) == EXPECTED


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_target_is_one_line_with_a_help_text(name):
    target = TARGETS[name]
    assert target[3]
    assert len(target[4].splitlines()) == 1
    assert re.search(r"&&|;|\bif\b|\bfor\b", target[4]) is None


def test_continuous_integration_runs_make_test_and_nothing_else():
    assert text_of(".ci/run").splitlines() == ["#!/bin/sh", "exec make test"]
    assert (ROOT / ".ci/run").stat().st_mode & 0o111
