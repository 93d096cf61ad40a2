"""A file that holds no JSON is named, with the line where it stops being some."""

import pytest

from ops.errors import DocumentError
from ops.json_file import json_in


def test_a_document_is_read(tmp_path):
    file = tmp_path / "given.json"
    file.write_text('{"a": [1]}', encoding="utf-8")
    assert json_in(file) == {"a": [1]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "given.json: No such file"),
        (b"[1,\n2,\nx]", "given.json:3: not JSON"),
        (b"\xff", "given.json: 'utf-8' codec"),
    ],
)
def test_whatever_is_wrong_names_the_file(tmp_path, content, message):
    file = tmp_path / "given.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(DocumentError, match=message):
        json_in(file)
