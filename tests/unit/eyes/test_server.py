"""The page of a process: metrics, and two questions with one word of answer."""

import urllib.error
import urllib.request

import pytest

from eyes import names
from eyes.address import Address, read_address
from eyes.samples import Page
from eyes.server import EyesServer


class Says:
    dying, waiting = "", ""

    def page(self):
        page = Page()
        page.add(names.DECIDED, ["wallet", "0", "accepted"], 7)
        page.add(names.GC_MAX, ["wallet"], None)
        told = {"bounds": [1, None], "counts": [2, 3], "sum": 4.0}
        page.add_buckets(names.GROUP_SIZE, ["wallet", "0"], told)
        return page

    def dead(self):
        return self.dying

    def unready(self):
        return self.waiting


@pytest.fixture
def says():
    return Says()


@pytest.fixture
def ask(says):
    server = EyesServer(Address("127.0.0.1", 0), says)
    server.start()

    def get(path):
        try:
            with urllib.request.urlopen(server.url + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    yield get
    server.stop()


def test_metrics_are_what_prometheus_reads(ask):
    status, text = ask("/metrics")
    assert status == 200
    line = 'ledger_commands_decided_total{job="wallet",outcome="accepted",partition="0"} 7.0'
    assert line in text
    assert 'ledger_group_size_records_bucket{job="wallet",le="+Inf",partition="0"} 3.0' in text
    assert "gc_pause_max" not in text  # not known is not zero


def test_alive_and_ready_are_two_questions(ask, says):
    assert ask("/healthz") == ask("/readyz") == (200, "ok\n")
    says.waiting = "stalled: 3"
    assert ask("/healthz") == (200, "ok\n")
    assert ask("/readyz") == (503, "stalled: 3\n")
    says.dying = "no status"
    assert ask("/healthz") == (503, "no status\n")
    assert ask("/other")[0] == 404


@pytest.mark.parametrize(
    ("text", "found"),
    [("", None), ("9100", ("127.0.0.1", 9100)), ("0.0.0.0:9100", ("0.0.0.0", 9100))],
)
def test_a_port_alone_is_on_loopback(text, found):
    assert read_address(text) == found


@pytest.mark.parametrize("text", ["x", "h:", "70000", "-1"])
def test_no_address(text):
    with pytest.raises(ValueError, match="LEDGER_METRICS"):
        read_address(text)


def test_names_are_given_once_and_have_the_prefix():
    given = [metric.name for metric in names.METRICS]
    assert len(given) == len(set(given))
    assert all(name.startswith("ledger_") for name in given)
