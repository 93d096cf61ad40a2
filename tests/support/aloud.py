"""A pytest plugin: words that a passing test says too, such as the figures of a run.

Owns: carrying them from whichever process ran the test into the log of every run.
Never: the last word, which is pytest's closing line.
"""

SAID = "said aloud"


def say_aloud(request, text):
    """Have this printed before the run ends; `request` is that of the test."""
    request.node.user_properties.append((SAID, text))


def told(terminalreporter, name, *outcomes):
    """The values of a property of the tests that ended so, in order."""
    return [
        value
        for outcome in outcomes
        for report in terminalreporter.getreports(outcome)
        if getattr(report, "when", "") == "call"
        for each, value in report.user_properties
        if each == name
    ]


def pytest_terminal_summary(terminalreporter):
    if said := told(terminalreporter, SAID, "passed", "failed"):
        terminalreporter.section("figures")
        for text in said:
            terminalreporter.write_line(text)
