"""Every path that our documents and comments name exists."""

import re

import pytest

from tests.support.sources import ROOMS, ROOT, project_files, text_of

DOCUMENTS = [name for name in project_files() if name.endswith(".md")]
# Tests are left out: their literals name files of made-up trees.
SOURCES = [name for name in project_files() if name.endswith(".py") and name.startswith(ROOMS)]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")
TOP = "|".join((*ROOMS, "docs", "tests"))
# A path in a sentence: known top folder, at least one more part, a file ending or a closing slash.
PATH = re.compile(
    rf"(?<![\w./-])((?:{TOP})/(?:[\w.-]+/)*(?:[\w.-]+\.[a-z]+\b|(?<=/)(?![\w{{<*.-])))"
)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_of_documents_resolve(name):
    folder = (ROOT / name).parent
    links = [link for link in LINK.findall(text_of(name)) if "://" not in link]
    broken = [
        link for link in links if not link.startswith("mailto:") and not (folder / link).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("name", DOCUMENTS + SOURCES)
def test_paths_in_sentences_resolve(name):
    folder = (ROOT / name).parent
    found = set(PATH.findall(text_of(name)))
    assert {path for path in found if not resolves(path, folder)} == set()


def resolves(path, folder):
    return (ROOT / path).exists() or (folder / path).exists() or is_example(path)


def is_example(path):
    """Guides show paths of things the reader is about to add: they contain this word."""
    return "example" in path
