"""Generated messages and their bytes, for every record there is; fastavro is the oracle."""

from functools import cache
from importlib import import_module
from io import BytesIO

import pytest
from fastavro import parse_schema, schemaless_writer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.blame import CodecError
from schemas.emit_decode import snake
from schemas.model import Enumeration, Named, Record, module_of, name_of
from schemas.normal import normal_form
from tests.unit.schemas.strategies import CATALOGUE, as_fastavro, class_of, messages

RECORDS = [name for name, each in CATALOGUE.definitions.items() if isinstance(each, Record)]
ENUMS = [name for name, each in CATALOGUE.definitions.items() if isinstance(each, Enumeration)]
# Every record holds the ones below it, so few examples of each make many of the small ones.
FEW = settings(
    max_examples=settings().max_examples // 4,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    database=None,
)


def written(fullname, message):
    module = import_module(f"schemas.messages.codec.{module_of(fullname)}")
    pieces = []
    getattr(module, f"encode_{snake(name_of(fullname))}")(pieces, message)
    return b"".join(pieces)


def read(fullname, data, pos=0):
    module = import_module(f"schemas.messages.codec.{module_of(fullname)}")
    return getattr(module, f"decode_{snake(name_of(fullname))}")(data, pos)


@cache
def oracle_schema(fullname):
    return parse_schema(normal_form(fullname, CATALOGUE))


def written_by_oracle(fullname, message):
    out = BytesIO()
    schemaless_writer(out, oracle_schema(fullname), as_fastavro(message, Named(fullname)))
    return out.getvalue()


@pytest.mark.parametrize("fullname", RECORDS)
def test_bytes_equal_fastavro_and_read_back_as_an_equal_message(fullname):
    @FEW
    @given(messages(fullname), st.binary(max_size=3))
    def check(message, before):
        data = written(fullname, message)
        assert data == written_by_oracle(fullname, message)
        again, end = read(fullname, before + data, len(before))
        assert (again, end) == (message, len(before) + len(data))
        assert hash(again) == hash(message)
        assert repr(again) == repr(message)
        assert message != object()

    check()


@pytest.mark.parametrize("fullname", RECORDS)
def test_names_of_fields_are_arguments_in_schema_order(fullname):
    fields = [field.name for field in CATALOGUE.record(fullname).fields]
    assert list(class_of(fullname).__match_args__) == fields


@pytest.mark.pure
@pytest.mark.parametrize("fullname", RECORDS)
def test_every_argument_has_its_type_at_hand(fullname):
    fields = [field.name for field in CATALOGUE.record(fullname).fields]
    assert list(class_of(fullname).__init__.__annotations__) == [*fields, "return"]


@pytest.mark.parametrize("fullname", RECORDS)
def test_any_bytes_are_a_message_or_refused(fullname):
    """Flipped, cut and random bytes never raise anything but `CodecError`."""

    @FEW
    @given(messages(fullname), st.data())
    def check(message, data):
        good = written(fullname, message)
        at = data.draw(st.integers(0, len(good)))
        bad = good[:at] + data.draw(st.binary(max_size=12)) + good[at + 1 :]
        try:
            found, end = read(fullname, bad)
        except CodecError:
            return
        # What stays inside the bytes is a message that can be written again.
        if end <= len(bad):
            written(fullname, found)

    check()


@pytest.mark.parametrize("fullname", ENUMS)
def test_members_know_their_place(fullname):
    symbols = CATALOGUE.definitions[fullname].symbols
    members = tuple(class_of(fullname))
    assert tuple(map(str, members)) == symbols
    assert [each.index for each in members] == list(range(len(symbols)))
