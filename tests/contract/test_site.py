"""The site of docs/ is built whole: no page is in no list, no link or anchor leads nowhere."""

import io
import re
import shutil
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from ops.site.build import BrokenSiteError, build
from ops.site.diagrams import JAR, SCRIPT, mermaid
from ops.stack.errors import DownloadFailedError
from tests.support.sources import ROOT, project_files, text_of

STUB = b"const mermaid = {};"
ELSEWHERE = re.compile(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="(?:https?:)?//')
# What a small tree needs to be a site.
SMALL = ("mkdocs.yml", "ops/site/hooks.py", "docs/openapi.json", "docs/asyncapi.json")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    build(ROOT, folder, STUB)
    return folder


@pytest.fixture
def small(tmp_path):
    """Return a tree of three pages, which a test plants its bug in."""
    for name in SMALL:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:\n")[0]
    listed = ("index.md", "contributing.md", "changelog.md", "api/http.md", "api/topics.md")
    nav = "".join(f"  - {page}\n" for page in (*listed, "adr/*"))
    (tmp_path / "mkdocs.yml").write_text(f"{settings}\nnav:\n{nav}", encoding="utf-8")
    for name in ("README", "CONTRIBUTING", "CHANGELOG", "docs/guides/http", "docs/adr/1-first"):
        (tmp_path / f"{name}.md").parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.md").write_text("# A page\n\n## Here\n", encoding="utf-8")
    with (tmp_path / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("  - guides/http.md\n")
    return tmp_path


def written(root, name, text):
    (root / name).write_text(text, encoding="utf-8")
    return root


def test_every_document_is_a_page(site):
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    documents = [name for name in project_files() if re.fullmatch(r"docs/.*\.md", name)]
    assert len(documents) > 80
    for name in documents:
        page = name.removeprefix("docs/").removesuffix(".md") + ".html"
        assert page.replace("README.html", "index.html") in pages
    assert {"index.html", "api/http.html", "api/topics.html", "contributing.html"} <= pages
    assert "source/verifier/verify_ledger.py.html" in pages


def test_nothing_is_fetched_from_elsewhere_while_somebody_reads(site):
    for page in site.rglob("*.html"):
        assert ELSEWHERE.search(page.read_text(encoding="utf-8")) is None, page


def test_diagrams_are_drawn_by_the_script_that_lies_beside_them(site):
    with_diagrams = 0
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        drawn = 'class="mermaid"' in text
        with_diagrams += drawn
        assert drawn == ("mermaid.min.js" in text), page
        assert "language-mermaid" not in text
    assert with_diagrams >= 4
    assert (site / "assets/mermaid.min.js").read_bytes() == STUB


def test_what_leads_nowhere_ends_the_build(small, tmp_path):
    planted = {
        "docs/alone.md": ("# In no list\n", "alone.md"),
        "docs/adr/2-second.md": ("# To nowhere\n\n[gone](gone.md)\n", "'gone.md'"),
        "docs/adr/3-third.md": ("# No anchor\n\n[gone](1-first.md#gone)\n", "'1-first.md#gone'"),
        "docs/adr/4-fourth.md": ("# No source\n\n[gone](../../ops/gone.py)\n", "ops/gone.py"),
        "README.md": ("# Of the front page\n\n[gone](docs/left.md)\n", "'left.md'"),
    }
    for name, (text, _) in planted.items():
        written(small, name, text)
    with pytest.raises(BrokenSiteError) as broken:
        build(small, tmp_path / "out", STUB)
    said = str(broken.value).splitlines()
    for name, (_, told) in planted.items():
        assert [line for line in said if told in line], name
    assert f"with {len(planted)} warnings" in said[0]


def test_links_out_of_docs_lead_to_pages_that_show_the_source(site):
    page = (site / "guides/prove-the-log.html").read_text(encoding="utf-8")
    assert 'href="../source/verifier/verify_ledger.py.html"' in page
    shown = (site / "source/verifier/verify_ledger.py.html").read_text(encoding="utf-8")
    assert text_of("verifier/verify_ledger.py").splitlines()[0].strip('"')[:20] in shown
    front = (site / "index.html").read_text(encoding="utf-8")
    assert 'href="contributing.html"' in front
    assert 'href="source/LICENSE.html"' in front


def jar_of(content):
    """Return the bytes of a jar with that script, and its pin."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(SCRIPT, content)
    data = file.getvalue()
    return data, replace(JAR, sha256=sha256(data).hexdigest(), size=len(data))


def test_the_script_is_fetched_once_and_never_when_it_is_another(tmp_path):
    data, jar = jar_of(STUB)
    said, asked = [], []

    def fetch(coordinate: str, folder: Path) -> Path:
        asked.append(coordinate)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "arrived.jar").write_bytes(data)
        return folder / "arrived.jar"

    assert mermaid(tmp_path / "a", said.append, fetch, jar) == STUB
    assert mermaid(tmp_path / "a", said.append, fetch, jar) == STUB
    assert asked == [JAR.coordinate]
    assert len(said) == 1
    with pytest.raises(DownloadFailedError, match="SHA-256"):
        mermaid(tmp_path / "b", said.append, fetch, replace(jar, sha256="0"))
