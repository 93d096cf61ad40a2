"""A page means on the site what it means in the repository."""

import pytest

from ops.site.markdown import adapted, links
from ops.site.places import led, origin_of, page_of


def same(link):
    return link


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("It says:\n- one\n- two\n", "It says:\n\n- one\n- two\n"),
        ("It says:\n1. one\n2. two\n", "It says:\n\n1. one\n2. two\n"),
        ("there were\n20. And more\n", "there were\n20. And more\n"),
        ("- one\n  goes on\n- two\n", "- one\n  goes on\n- two\n"),
        ("It says:\n| a |\n|---|\n", "It says:\n\n| a |\n|---|\n"),
        ("| `a\\|b` | c\\|d |\n", "| `a|b` | c\\|d |\n"),
        ("```\nx:\n- one\n[a](b)\n```\n", "```\nx:\n- one\n[a](b)\n```\n"),
        ("````\n```\n- a\n````\nb:\n- c\n", "````\n```\n- a\n````\nb:\n\n- c\n"),
        ("# Title\n\ntext\n", "# Title\n\ntext\n"),
    ],
)
def test_the_form_of_the_site(written, wanted):
    assert adapted(written, same) == wanted


def test_links_are_led_and_the_world_is_left_alone():
    text = "[a](b.md#c) [d](https://e.org/f) [g](#h) [m](mailto:x@y.z)\n"
    assert list(links(text)) == ["b.md"]
    assert adapted(text, lambda link: f"../{link}") == text.replace("b.md", "../b.md")


@pytest.mark.parametrize(
    ("link", "page", "wanted"),
    [
        ("../adr/1.md", "guides/a.md", "../adr/1.md"),
        ("docs/adr/1.md", "index.md", "adr/1.md"),
        ("LICENSE", "index.md", "source/LICENSE.md"),
        ("../../CONTRIBUTING.md", "guides/a.md", "../contributing.md"),
        ("../../ops/a.py", "guides/a.md", "../source/ops/a.py.md"),
        ("../openapi.json", "api/http.md", "../openapi.json"),
    ],
)
def test_where_a_link_leads(link, page, wanted):
    assert led(link, page) == wanted


@pytest.mark.parametrize("path", ["README.md", "CHANGELOG.md", "docs/guides/http.md"])
def test_a_page_knows_the_file_it_is_made_of(path):
    assert origin_of(page_of(path)) == path
