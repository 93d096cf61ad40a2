"""Avro files outside the project's subset are refused with the place named."""

import ast
import json
from io import BytesIO

import fastavro
import pytest

from schemas.codec import CodecError
from schemas.emit_codec import codec_source
from schemas.emit_encode import branch_tables
from schemas.generate import generated_files
from schemas.model import Choice, Maybe, Primitive, SchemaError, Sequence, load


def record(name="Row", *fields, **more):
    return {
        "type": "record",
        "namespace": "a.rows",
        "name": name,
        "doc": "A row.",
        "fields": list(fields),
        **more,
    }


def field(name="size", kind="long", **more):
    return {"name": name, "type": kind, "doc": "Its size.", **more}


ENUM = {
    "type": "enum",
    "namespace": "a.words",
    "name": "Colour",
    "doc": "A colour.",
    "symbols": ["RED", "BLUE"],
    "default": "RED",
}


@pytest.fixture
def loaded(tmp_path):
    def write(*sources):
        for each in sources:
            path = tmp_path / f"{each['namespace']}.{each['name']}.avsc"
            path.write_text(json.dumps(each), encoding="utf-8")
        return load(tmp_path)

    return write


def test_types_come_after_what_they_refer_to(loaded):
    catalogue = loaded(
        record("A", field(kind="a.rows.Z")), record("Z", field(kind="a.words.Colour")), ENUM
    )
    assert list(catalogue.definitions) == ["a.words.Colour", "a.rows.Z", "a.rows.A"]
    assert list(catalogue.modules()) == ["rows", "words"]


def test_every_used_form_of_a_type(loaded):
    kinds = {
        "long": Primitive("long"),
        "text": Primitive("string", "wallet-id"),
        "list": Sequence(Primitive("string")),
        "maybe": Maybe(Primitive("bytes")),
        "one": Choice("One", ("a.rows.B",), nullable=False),
        "some": Choice("Some", ("a.rows.B", "a.rows.C"), nullable=True),
    }
    fields = [
        field("long"),
        field("text", {"type": "string", "logicalType": "wallet-id"}),
        field("list", {"type": "array", "items": "string"}),
        field("maybe", ["null", "bytes"], default=None),
        field("one", ["a.rows.B"], alias="One"),
        field("some", ["null", "a.rows.B", "a.rows.C"], alias="Some"),
    ]
    catalogue = loaded(record("A", *fields), record("B"), record("C"))
    assert {each.name: each.type for each in catalogue.record("a.rows.A").fields} == kinds


BAD_FIELDS = {
    "double": (field(kind="double"), "type 'double' is not used here"),
    "map": (field(kind={"type": "map", "values": "long"}), "is not used here"),
    "inline": (field(kind={"type": "record", "name": "X", "fields": []}), "is not used here"),
    "short name": (field(kind="Colour"), "references need a full name"),
    "null last": (field(kind=["long", "null"]), "a union is"),
    "no alias": (field(kind=["a.rows.B", "a.rows.C"]), "a union is"),
    "no doc": ({"name": "size", "type": "long"}, "a.rows.Row.size: doc is missing"),
    "keyword": (field("from"), "a.rows.Row.from: not usable as a Python attribute"),
    "private": (field("_x"), "not usable"),
    "no object": ("size", "a field must be an object"),
    "unknown": (field(kind="a.rows.Nowhere"), "refers to a.rows.Nowhere, which has no file"),
    "itself": (field(kind="a.rows.Row"), "a.rows.Row refers to itself"),
}


@pytest.mark.parametrize("case", BAD_FIELDS)
def test_a_field_outside_the_subset_is_refused(loaded, case):
    bad, why = BAD_FIELDS[case]
    with pytest.raises(SchemaError, match=why):
        loaded(record("Row", bad))


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ({**ENUM, "default": "GREEN"}, "default GREEN is not a symbol"),
        ({**ENUM, "symbols": None}, "symbols is missing"),
        ({**ENUM, "type": "fixed"}, "only records and enums"),
        ({**ENUM, "namespace": "words"}, "namespace of two parts"),
        ({**ENUM, "doc": ""}, "doc is missing"),
    ],
)
def test_a_type_outside_the_subset_is_refused(loaded, source, why):
    with pytest.raises(SchemaError, match=why):
        loaded(source)


def test_a_file_is_named_like_its_type(tmp_path):
    (tmp_path / "a.words.Color.avsc").write_text(json.dumps(ENUM), encoding="utf-8")
    with pytest.raises(SchemaError, match=r"must be named a\.words\.Colour\.avsc"):
        load(tmp_path)


def test_only_records_are_records(loaded):
    with pytest.raises(SchemaError, match="not a record"):
        loaded(ENUM).record("a.words.Colour")


def test_an_array_of_empty_records_has_no_bound(loaded):
    catalogue = loaded(record("A", field(kind={"type": "array", "items": "a.rows.B"})), record("B"))
    with pytest.raises(SchemaError, match="no bound"):
        codec_source("rows", catalogue)


def test_a_union_has_a_limit(loaded):
    wide = Choice("Any", tuple(f"a.rows.B{at}" for at in range(8_193)), nullable=False)
    with pytest.raises(SchemaError, match="Any: more than 8192 branches"):
        branch_tables(wide)


@pytest.mark.parametrize("nullable", [False, True])
def test_a_union_of_more_branches_than_a_byte_has_is_what_fastavro_writes(loaded, nullable):
    branches = [record(f"B{at}", field()) for at in range(200)]
    names = [*(["null"] if nullable else []), *(f"a.rows.B{at}" for at in range(200))]
    holder = record("A", field(kind=names, alias="Any"), subject=True)
    scope = executed(generated_files(loaded(holder, *branches)), ("rows", "codec/rows"))
    union = [*(["null"] if nullable else []), *branches]
    schema = fastavro.parse_schema({**holder, "fields": [field(kind=union)]})
    for at in (0, 62, 63, 64, 65, 127, 128, 199):
        message = scope["A"](scope[f"B{at}"](at))
        pieces = []
        scope["encode_a"](pieces, message)
        data = b"".join(pieces)
        oracle = BytesIO()
        fastavro.schemaless_writer(oracle, schema, {"size": (f"a.rows.B{at}", {"size": at})})
        assert data == oracle.getvalue()
        assert scope["decode_a"](data, 0) == (message, len(data))
    # Cut, longer than it must be, beyond the last branch, and of three bytes.
    for wrong in (b"\x80", b"\x80\x00\x00", b"\xfe\x7f\x00", b"\x80\x81\x00\x00"):
        with pytest.raises(CodecError):
            scope["decode_a"](wrong, 0)


WIDE = {**ENUM, "symbols": [f"S{at}" for at in range(200)], "default": "S0"}


def test_forms_no_schema_uses_yet_round_trip(loaded):
    """Wide enums, nullable unions, optional flags and numbers, defaults of every kind."""
    catalogue = loaded(
        WIDE,
        record("B", field()),
        record("C"),
        record(
            "A",
            field("wide", "a.words.Colour"),
            field("some", ["null", "a.rows.B", "a.rows.C"], alias="Some"),
            field("flag", ["null", "boolean"]),
            field("number", ["null", "int"]),
            field("word", ["null", "a.words.Colour"]),
            field("empty", "a.rows.C"),
            field("words", {"type": "array", "items": "a.words.Colour"}, default=[]),
            field("colour", "a.words.Colour", default="S199"),
            field("blob", "bytes", default="ÿ"),
            field("text", "string", default="it's"),
            field("yes", "boolean", default=True),
            subject=True,
        ),
    )
    files = generated_files(catalogue)
    scope = executed(files, ("words", "codec/words", "rows", "codec/rows"))
    colour = scope["Colour"]
    last = colour("S199")
    assert (last.index, len(colour)) == (199, 200)
    for some in (None, scope["B"](-9), scope["C"]()):
        for flag, number, word in ((None, None, None), (True, -(2**31), last)):
            words = (last, colour("S0")) if flag else ()
            message = scope["A"](last, some, flag, number, word, scope["C"](), words)
            assert (message.colour, message.blob, message.text) == (last, b"\xff", "it's")
            pieces = []
            scope["encode_a"](pieces, message)
            data = b"".join(pieces)
            assert scope["decode_a"](data, 0) == (message, len(data))


def executed(files, modules):
    """Run generated modules in one namespace, without those of the project."""
    scope = {"__name__": "generated"}
    for module in modules:
        tree = ast.parse(files[f"{module}.py"])
        tree.body = [each for each in tree.body if not is_of_messages(each)]
        exec(compile(tree, module, "exec", dont_inherit=True), scope)
    return scope


def is_of_messages(statement):
    """Whether a statement imports from generated modules."""
    return isinstance(statement, ast.ImportFrom) and statement.module.startswith("schemas.messages")
