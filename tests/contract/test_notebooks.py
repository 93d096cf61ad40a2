"""Every notebook of the documents is executed against a lake of a day, and kept without outputs.

Their assertions are part of what they show.
"""

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from ops.stack.workers import HOME
from sinks.lake.reads import open_views
from tests.support.lakes import facts_of_rigs, lake_of, rigs_of_day

FOLDER = HOME / "docs" / "notebooks"
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
GUIDE = (HOME / "docs" / "guides" / "analysts.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    place = tmp_path_factory.mktemp("lake")
    lake_of(place, facts_of_rigs(rigs_of_day()))
    return place


def test_there_are_three_and_the_guide_names_each():
    assert NOTEBOOKS == ["audit-a-day", "read-postings", "rebuild-a-balance"]
    for name in NOTEBOOKS:
        assert f"(../notebooks/{name}.ipynb)" in GUIDE


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs_from_its_first_cell_to_its_last(name, lake, monkeypatch):
    monkeypatch.setenv("LEDGER_LAKE", str(lake))
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(HOME)}})
    client.execute()
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_is_kept_without_outputs(name):
    document = json.loads(Path(FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in document["cells"] if cell["cell_type"] == "code"]
    assert code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_every_example_of_the_guide_runs_on_the_lake_too(lake):
    examples = [each.split("```")[0] for each in GUIDE.split("```sql\n")[1:]]
    statements = [each for part in examples for each in part.split(";") if each.strip()]
    assert len(statements) >= 8
    with open_views(str(lake)) as ask:
        for each in statements:
            ask.execute(each).fetchall()


def test_the_example_in_python_runs(lake, monkeypatch, capsys):
    monkeypatch.setenv("LEDGER_LAKE", str(lake))
    (example,) = [
        part.split("```")[0] for part in GUIDE.split("```python\n") if "open_views" in part
    ]
    exec(compile(example, "guide", "exec"), {})
    assert "W.AVL" in capsys.readouterr().out
