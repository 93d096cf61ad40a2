"""What MkDocs asks us while it builds; `mkdocs.yml` names this file.

Owns: pages of what lies outside of docs/, the lists of folders, diagrams.
Never: changes a text but for its form.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from ops.site.http_page import http_page
from ops.site.markdown import adapted, links
from ops.site.places import DOCS, PAGES, SOURCES, led, named, origin_of, page_of
from ops.site.topics_page import topics_page

MERMAID: Final = "assets/mermaid.min.js"
DIAGRAMS: Final = (MERMAID, "assets/diagrams.js")
ALL: Final = "/*"
LANGUAGES: Final = {".py": "python", ".yaml": "yaml", ".yml": "yaml", ".json": "json"}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Write the pages of a folder where the list says `folder/*`."""
    config.nav = _listed(config.nav, Path(config.docs_dir))
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add what is shown and does not lie in docs/."""
    docs = Path(config.docs_dir)
    root = docs.parent
    made: dict[str, str | bytes] = {
        page: (root / path).read_text(encoding="utf-8") for path, page in PAGES.items()
    }
    made["api/http.md"] = http_page(json.loads((docs / "openapi.json").read_bytes()))
    made["api/topics.md"] = topics_page(json.loads((docs / "asyncapi.json").read_bytes()))
    made[MERMAID] = config.extra.pop("mermaid")
    texts = {file.src_uri: file.content_string for file in files.documentation_pages()}
    texts |= {page: text for page, text in made.items() if isinstance(text, str)}
    made |= _sources(root, {page: text for page, text in texts.items() if page.endswith(".md")})
    for name, content in made.items():
        # A source is reached by the link that names it.
        level = InclusionLevel.NOT_IN_NAV if name.startswith(SOURCES) else InclusionLevel.UNDEFINED
        files.append(File.generated(config, name, content=content, inclusion=level))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put a page into the site's form."""
    del config, files
    place = page.file.src_uri
    return markdown if place.startswith(SOURCES) else adapted(markdown, partial(led, page=place))


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Give Mermaid to pages that have diagrams; the others are spared three megabytes."""
    del config
    if 'class="mermaid"' not in output:
        return output
    places = (get_relative_url(each, page.url) for each in DIAGRAMS)
    scripts = "".join(f'<script src="{place}"></script>' for place in places)
    return output.replace("</head>", f"{scripts}</head>", 1)


def _sources(root: Path, texts: dict[str, str]) -> dict[str, str]:
    """Make a page of each file outside of docs/ that a page links to."""
    made = {}
    for page, text in texts.items():
        for link in links(text):
            path = named(link, origin_of(page))
            outside = not path.startswith(DOCS) and path not in PAGES
            if outside and (root / path).is_file():
                made[page_of(path)] = _source(root, path)
    return made


def _source(root: Path, path: str) -> str:
    language = LANGUAGES.get(Path(path).suffix, "text")
    text = (root / path).read_text(encoding="utf-8").rstrip()
    # No source of ours has a line of so many.
    return f"# {path}\n\n``````{language}\n{text}\n``````\n"


def _listed(nav: object, docs: Path) -> object:
    if isinstance(nav, dict):
        return {title: _listed(each, docs) for title, each in nav.items()}
    if not isinstance(nav, list):
        return nav
    named_apart = {each for each in nav if isinstance(each, str)}
    pages: list[object] = []
    for each in nav:
        if isinstance(each, str) and each.endswith(ALL):
            found = sorted((docs / each.removesuffix(ALL)).glob("*.md"))
            names = (path.relative_to(docs).as_posix() for path in found)
            pages += [name for name in names if name not in named_apart]
        else:
            pages.append(_listed(each, docs))
    return pages
