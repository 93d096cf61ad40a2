"""Choosing and keeping the ports of a stack."""

import json
from pathlib import Path

import pytest

from ops.stack import ports
from ops.stack.errors import PortTakenError, StackError

NAMES = ("kafka", "redis")


def test_the_same_seed_finds_the_same_port():
    found = {ports.choose("stack/kafka", (), lambda _: True) for _ in range(3)}
    assert len(found) == 1
    assert ports.FIRST <= found.pop() <= ports.LAST


def test_used_and_busy_ports_are_stepped_over():
    first = ports.choose("seed", (), lambda _: True)
    busy = {first, first + 1}
    assert ports.choose("seed", {first + 2}, lambda port: port not in busy) == first + 3


def test_the_search_goes_round():
    assert ports.choose("seed", (), lambda port: port == ports.FIRST) == ports.FIRST


def test_no_port_at_all_is_an_error():
    with pytest.raises(StackError, match="no free port between"):
        ports.choose("seed", (), lambda _: False)


def test_ports_are_chosen_below_those_of_outgoing_connections():
    with Path("/proc/sys/net/ipv4/ip_local_port_range").open() as file:
        assert int(file.read().split()[0]) > ports.LAST


def test_ports_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda _: True)
    first = ports.settle(tmp_path / "ports.json", NAMES, {})
    assert ports.settle(tmp_path / "ports.json", NAMES, {}) == first
    assert len(set(first.values())) == len(NAMES)


def test_a_configured_port_wins_and_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda _: True)
    file = tmp_path / "ports.json"
    ports.settle(file, NAMES, {})
    assert ports.settle(file, NAMES, {"kafka": 9092})["kafka"] == 9092
    assert ports.settle(file, NAMES, {})["kafka"] == 9092


@pytest.mark.parametrize("content", ["", "{", "[1]", json.dumps({"kafka": "x"})])
def test_a_damaged_file_is_named(tmp_path, content):
    file = tmp_path / "ports.json"
    file.write_text(content)
    with pytest.raises(StackError, match="is damaged"):
        ports.read(file)


def test_a_taken_port_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda port: port != 9092)
    monkeypatch.setattr(ports, "holder_of", lambda _: "nginx (pid 7)")
    with pytest.raises(PortTakenError) as caught:
        ports.check_free({"redis": 6379, "kafka": 9092})
    assert "port 9092 of kafka on 127.0.0.1 is taken by nginx (pid 7)" in str(caught.value)
    assert "--port kafka=PORT" in str(caught.value)
