"""The header of a trace: what is read, what is ignored, and ids that are always the same."""

import pytest

from eyes.trace import HEADER, Trace, begun, read, read_ratio, sampled_in

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
GOOD = f"00-{TRACE}-{SPAN}-01"


def test_what_is_read_is_written_the_same():
    trace = read(GOOD)
    assert trace == Trace(TRACE, SPAN, sampled=True)
    assert trace.header == GOOD.encode()
    assert read(GOOD.encode()) == trace


@pytest.mark.parametrize(
    ("given", "sampled"),
    [
        (f"00-{TRACE}-{SPAN}-00", False),
        (f"00-{TRACE}-{SPAN}-03", True),
        (f"00-{TRACE}-{SPAN}-02", False),
        (f"cc-{TRACE}-{SPAN}-01", True),
        (f"cc-{TRACE}-{SPAN}-01-what-the-future-holds", True),
    ],
)
def test_the_flag_says_who_is_sampled_also_in_a_later_version(given, sampled):
    assert read(given) == Trace(TRACE, SPAN, sampled)


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        b"",
        "00",
        GOOD.upper(),
        f" {GOOD}",
        f"{GOOD}\n",
        f"{GOOD}-more",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE[1:]}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}-01,{GOOD}",
        f"cc-{TRACE}-{SPAN}-01-{'x' * 256}",
        "é" * 55,
        b"\xff" * 55,
    ],
)
def test_what_cannot_be_read_is_as_none(given):
    assert read(given) is None


def test_a_child_is_the_same_whenever_it_is_asked_for():
    trace = read(GOOD)
    child = trace.child("decided", "wallet.commands.v1", 3, 7)
    assert child == trace.child("decided", "wallet.commands.v1", 3, 7)
    assert (child.trace_id, child.sampled) == (TRACE, True)
    others = {child.span_id, SPAN, trace.child("decided", "wallet.commands.v1", 3, 8).span_id}
    assert len(others) == 3
    assert read(child.header) == child


def test_a_ratio_of_commands_begins_a_trace_and_a_repeat_the_same_one():
    drawn = [begun("w-1", f"c-{number}", 0.25) for number in range(2_000)]
    assert 400 < sum(each is not None for each in drawn) < 600
    assert all(read(each.header) == each and each.sampled for each in drawn if each)
    assert begun("w-1", "c-1", 1.0) == begun("w-1", "c-1", 1.0) != begun("w-2", "c-1", 1.0)
    assert begun("w-1", "c-1", 0.0) is None


def test_a_record_is_traced_when_its_first_traceparent_is_sampled():
    sampled, quiet = (HEADER, GOOD.encode()), (HEADER, f"00-{TRACE}-{SPAN}-00".encode())
    assert sampled_in(()) == b""
    assert sampled_in((("attempt", b"x"), sampled)) == GOOD.encode()
    assert sampled_in((quiet, sampled)) == b""
    assert sampled_in(((HEADER, None),)) == b""
    assert sampled_in(((HEADER, b"nonsense"),)) == b""


@pytest.mark.parametrize("text", ["two", "-0.1", "1.01", "nan"])
def test_a_ratio_is_a_number_from_0_to_1(text):
    assert (read_ratio(""), read_ratio("0.5")) == (0.0, 0.5)
    with pytest.raises(ValueError, match="LEDGER_TRACES_RATIO"):
        read_ratio(text)
