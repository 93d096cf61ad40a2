"""A pytest plugin: at the end of a run, combine the coverage of all processes and hold the floors.

Owns: the two floors, and the report printed before pytest's closing line.
Never: starts coverage; `make test` runs the tests without servers under `coverage run`.
"""

import io
import time
import warnings

import coverage
import pytest

# (name, files, least percentage of lines and branches)
FLOORS = (
    ("ledger", ["ledger/*"], 100.0),
    ("total", None, 85.0),
)
# Processes told to stop by the last test are given this long to write their data.
SETTLE_S = 0.5
REPORT = pytest.StashKey[list[str]]()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    running = coverage.Coverage.current()
    if running is None or exitstatus == pytest.ExitCode.INTERRUPTED:
        return
    with warnings.catch_warnings():
        # What coverage has to say about its data is advice; the floors are the judgement.
        warnings.simplefilter("ignore")
        running.stop()
        running.save()
        time.sleep(SETTLE_S)
        lines = report_on(combined())
    session.config.stash[REPORT] = lines
    below = any(line.startswith("FAIL") for line in lines)
    if below and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    lines = config.stash.get(REPORT, [])
    if lines:
        terminalreporter.section("coverage")
        for line in lines:
            terminalreporter.write_line(line, red=line.startswith("FAIL"))


def combined():
    """Coverage of this process and of every process it started."""
    whole = coverage.Coverage()
    whole.combine()
    whole.save()
    return whole


def report_on(whole):
    """The table of what is not covered, then a line for each floor."""
    table = io.StringIO()
    whole.report(file=table)
    return [*table.getvalue().splitlines(), *(floor_line(whole, *floor) for floor in FLOORS)]


def floor_line(whole, name, files, least):
    try:
        reached = whole.report(include=files, file=io.StringIO())
    except coverage.exceptions.NoDataError:
        reached = 0.0
    verdict = "ok  " if reached >= least else "FAIL"
    return f"{verdict} coverage of {name}: {reached:.2f} %, at least {least:.0f} %"
