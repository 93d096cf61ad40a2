"""Works anywhere: no path of one machine, no address of a registry, no name of one site."""

import re

import pytest

from tests.support.sources import project_files, text_of

# Written in pieces, because this file is read too.
HOSTS = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("repo1", "maven", "org"),
    ("repo", "maven", "apache"),
    ("maven", "google", "com"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("anaconda", "org"),
    ("proxy", "golang"),
    ("registry-1", "docker"),
)
REGISTRY = re.compile("|".join(re.escape(".".join(host)) for host in HOSTS))
MACHINE_PATH = re.compile(
    r"(?<![\w.$}])/(?:" + "|".join(("wo" + "rk", "ro" + "ot", r"home/\w+", r"Users/\w+")) + r")/"
)
WHEEL_FOLDER = "/opt/" + "wheels"
FORBIDDEN = re.compile(
    "|".join(
        (r"\.lib" + r"rary/", r"\bfa" + r"rm-\w", r"--(?:extra-)?ind" + "ex-url", WHEEL_FOLDER)
    )
)


@pytest.mark.parametrize("name", project_files())
def test_file_names_no_machine_path_no_registry_and_no_forbidden_word(name):
    text = text_of(name)
    if text is None:
        return  # not text: golden bytes
    found = [
        line
        for line in text.splitlines()
        if any(pattern.search(line) for pattern in (REGISTRY, MACHINE_PATH, FORBIDDEN))
    ]
    assert found == []


def test_lock_holds_no_address():
    assert "://" not in text_of("requirements.lock")
