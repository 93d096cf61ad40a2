"""The console in a real browser: scripts under their own policy, by keyboard, on any size."""

import pytest

from ops.web.panels import PAGES
from tests.unit.ops.ledger_day import ALICE, BOB, day
from tests.unit.ops.web.conftest import placed_of
from tests.unit.ops.web.test_panels import LETTER

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
ADDRESSES = ("/", *(f"/{page.name}" for page in PAGES[1:]), f"/wallet?id={ALICE}")
FOCUSED = "document.activeElement.textContent.trim()"


def text_of(name):
    return f"document.getElementById('rows-{name}').textContent"


@pytest.mark.parametrize("width", [1_360, 390])
def test_every_page_fits_its_window_and_breaks_no_rule_of_its_own_policy(tab, served, width):
    for scheme in ("light", "dark"):
        tab.look_like(width, 844, scheme)
        for address in ADDRESSES:
            tab.open(served.url + address)
            tab.wait("typeof htmx === 'object'")
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, address
            assert tab.evaluate("document.querySelectorAll('h1').length") == 1
            assert tab.evaluate("document.styleSheets.length") >= 1


def test_a_panel_is_asked_for_again_without_the_page_being_loaded_again(tab, served):
    tab.open(f"{served.url}/letters")
    tab.evaluate("window.was = 'here'")
    tab.wait(f"{text_of('letters')}.includes('There are no dead letters.')")
    served.source.dead.append(LETTER)
    tab.wait(f"{text_of('letters')}.includes('wallet.commands.v1[0] offset 7')")
    assert tab.evaluate("window.was") == "here"


def test_charts_are_drawn_with_a_line_for_each_partition_and_in_both_schemes(tab, served):
    tab.open(served.url + "/")
    assert "The first sample comes" in tab.evaluate("document.body.innerText")
    for _ in range(3):
        served.sample()
    for scheme in ("light", "dark"):
        tab.look_like(1_360, 900, scheme)
        tab.wait("document.querySelectorAll('.chart canvas').length === 2")
        tab.wait("document.getElementById('lag').dataset.lines === '2'")
    colours = tab.evaluate(
        "[...document.querySelectorAll('#lag .u-marker')].map((each) => each.style.border)"
    )
    assert len(set(colours)) > 2
    assert "first sample" not in tab.evaluate("document.body.innerText")


def test_pausing_stops_what_moves_and_going_on_starts_it(tab, served):
    tab.open(f"{served.url}/letters")
    tab.evaluate("document.getElementById('pause').click()")
    assert tab.evaluate("document.getElementById('pause').getAttribute('aria-pressed')") == "true"
    served.source.dead.append(LETTER)
    # Panels that would be asked for are refused before they are: wait for one such refusal.
    tab.evaluate(
        "new Promise((done) => document.body.addEventListener('htmx:beforeRequest', "
        "(event) => event.defaultPrevented && done(), {once: true}))"
    )
    assert "There are no dead letters." in tab.evaluate(text_of("letters"))
    tab.evaluate("document.getElementById('pause').click()")
    tab.wait(f"{text_of('letters')}.includes('UNREADABLE')")


def test_everything_is_reached_by_keyboard_and_focus_stays_when_rows_are_replaced(tab, served):
    tab.open(f"{served.url}/wallets")
    tab.press("Tab")
    assert tab.evaluate(FOCUSED) == "Skip to content"
    reached = []
    for _ in range(30):
        tab.press("Tab")
        reached.append(tab.evaluate(FOCUSED))
        if reached[-1] in {ALICE, BOB}:
            break
    assert reached[: len(PAGES)] == [page.title for page in PAGES]
    assert reached[len(PAGES)] == "Pause"
    held = tab.evaluate("document.activeElement.id")
    tab.evaluate(
        "new Promise((done) => document.body.addEventListener('htmx:afterSettle', done, "
        "{once: true}))"
    )
    assert tab.evaluate("document.activeElement.id") == held
    tab.press("Enter")
    tab.wait("location.pathname === '/wallet'")


def test_a_server_that_is_away_is_told_and_comes_back_by_itself(tab, served):
    served.source.away.add("holds")
    tab.open(f"{served.url}/holds")
    assert "postgres is away" in tab.evaluate(text_of("holds"))
    served.source.away.clear()
    tab.wait(f"{text_of('holds')}.includes('No hold is open.')")


def test_a_console_that_ended_is_told_above_the_page(tab, served):
    served.source.decided(placed_of(*day(settled=True)))
    tab.open(f"{served.url}/decisions")
    assert tab.evaluate("document.getElementById('lost').hidden")
    served.stop()
    tab.wait("!document.getElementById('lost').hidden")
    assert "wallet" in tab.evaluate(text_of("decisions"))
    tab.said.clear()  # the browser itself says that nobody answers
