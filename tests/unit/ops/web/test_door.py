"""The door: only this machine's names, only reads, and what a browser may do with an answer."""

import pytest

from ops.web.panels import PAGES

EVERYWHERE = ("/", "/decisions.json", "/static/console.js", "/nothing-here", "/samples.json")


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_forbids_what_is_not_of_this_door(console, path):
    headers = console.ask(path).headers
    policy = dict(each.split(" ", 1) for each in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "name", ["localhost", "LOCALHOST:9", "127.0.0.1", "127.0.0.1:8085", "[::1]:1"]
)
def test_this_machine_calls_it_by_its_own_names(console, name):
    assert console.ask("/healthz", host=name).json() == {"status": "up"}


@pytest.mark.parametrize(
    "name",
    [
        "evil.example",
        "evil.example:8085",
        "127.0.0.1.evil.example",
        "localhost.evil",
        "10.0.0.1",
        "",
    ],
)
def test_a_name_that_somebody_gave_the_address_is_refused(console, name):
    for path in ("/", "/wallet.json?id=ann", "/static/console.js", "/healthz"):
        answer = console.ask(path, host=name)
        assert (answer.status_code, answer.text) == (403, "the console is called by localhost\n")
    assert console.source.asked == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_but_reading_is_understood(console, method):
    for path in EVERYWHERE:
        answer = console.ask(path, method)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_no_route_takes_anything_but_reads(console):
    methods = set().union(*(getattr(each, "methods", None) or () for each in console.app.routes))
    assert methods == {"GET", "HEAD"}


def test_an_address_without_end_is_refused(console):
    assert console.ask("/wallet?id=" + "a" * 3_000).status_code == 414


@pytest.mark.parametrize("path", ["/", *(f"/{page.name}" for page in PAGES[1:]), "/wallet?id=w"])
def test_a_page_has_no_script_or_style_in_itself(busy, path):
    text = busy.page(path)
    assert "<style" not in text
    assert " style=" not in text
    assert "hx-on" not in text
    for script in text.split("<script")[1:]:
        assert script.startswith(' src="/static/')
    assert "http://" not in text
    assert "https://" not in text


def test_what_somebody_typed_is_never_markup(console):
    text = console.page("/wallet?id=%3Cscript%3Ealert(1)%3C/script%3E%22'")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;" in text
    assert console.ask("/panels/%3Cscript%3E").json() == {"detail": "there is no panel <script>"}
