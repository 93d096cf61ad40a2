"""App: the addresses of the console, as one ASGI application.

Owns: which address shows which page, panel, chart or file, and that each page is JSON too.
Never: opens a connection; what it works with is given. Never: an address that changes something.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from ops.web.board import Board
from ops.web.door import Door
from ops.web.drawing import Drawing
from ops.web.panels import OVERVIEW, PAGES, PANELS, WALLET, Page

STATIC: Final = Path(__file__).with_name("static")


def create_app(board: Board) -> FastAPI:
    """Return the application that shows a board."""
    app = FastAPI(title="Console", docs_url=None, redoc_url=None, openapi_url=None)
    drawing = Drawing()
    for page in (*PAGES, WALLET):
        _add_page(app.router, page, board, drawing)
    _add_panels(app.router, board, drawing)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Door)
    return app


def _add_page(router: APIRouter, page: Page, board: Board, drawing: Drawing) -> None:
    # Not `async`: a panel may wait for a first answer, in a thread of its own.
    def html(id: str = "") -> HTMLResponse:  # noqa: A002 - the name in the address
        shown = [board.shown(panel, id) for panel in page.panels]
        return HTMLResponse(drawing.page(page, shown, id))

    def document(id: str = "") -> JSONResponse:  # noqa: A002
        shown = {panel.name: board.shown(panel, id).document() for panel in page.panels}
        return JSONResponse({"page": page.name, "id": id, "panels": shown})

    address = "/" if page is OVERVIEW else f"/{page.name}"
    router.add_api_route(address, html, methods=["GET", "HEAD"])
    router.add_api_route(f"/{page.name}.json", document, methods=["GET", "HEAD"])


def _add_panels(router: APIRouter, board: Board, drawing: Drawing) -> None:
    def panel(name: str, id: str = "") -> HTMLResponse:  # noqa: A002
        found = PANELS.get(name)
        if found is None:
            raise HTTPException(404, f"there is no panel {name}")
        return HTMLResponse(drawing.panel(board.shown(found, id)))

    def samples() -> dict[str, Any]:
        return board.ring.document()

    def healthz() -> dict[str, str]:
        return {"status": "up"}

    router.add_api_route("/panels/{name}", panel, methods=["GET"])
    router.add_api_route("/samples.json", samples, methods=["GET"], response_model=None)
    router.add_api_route("/healthz", healthz, methods=["GET"], response_model=None)
