"""A pytest plugin: a failure is printed when it happens, not only at the end.

Owns: what a run that is cut short, by a person or a time limit, has told by then.
Never: takes the summary's place; pytest repeats every failure there.
"""

import pytest


class AtOnce:
    """Writes each failure into the output of the process that hears of all of them."""

    def __init__(self, terminal):
        self._terminal = terminal

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self._terminal.write_line("")
            self._terminal.write_sep("_", f"{report.nodeid} ({report.when})", red=True)
            self._terminal.write_line(report.longreprtext)


@pytest.hookimpl(trylast=True)  # the reporter is made by another plugin's
def pytest_configure(config):
    terminal = config.pluginmanager.getplugin("terminalreporter")
    if terminal is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(AtOnce(terminal), "at once")
