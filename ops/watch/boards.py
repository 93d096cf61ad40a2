"""Boards: panels as the JSON that Grafana reads.

Owns: that form, two panels in a row.
Never: a query.
"""

from __future__ import annotations

import json
from typing import Any, Final

from ops.watch.panels import Board, Panel

SCHEMA: Final = 41  # of Grafana 12
WIDTH: Final = 12  # of 24 columns
HEIGHT: Final = 8
SOURCE: Final = {"type": "prometheus", "uid": "prometheus"}


def text_of(board: Board) -> str:
    """Return the file of a board."""
    return json.dumps(document_of(board), indent=1) + "\n"


def document_of(board: Board) -> dict[str, Any]:
    """Return a board as Grafana reads it."""
    return {
        "uid": f"ledger-{board.name}",
        "title": board.title,
        "tags": ["ledger"],
        "schemaVersion": SCHEMA,
        "timezone": "utc",
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "panels": [_panel(number, each) for number, each in enumerate(board.panels)],
    }


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    return {
        "id": number + 1,
        "title": panel.title,
        "type": "timeseries",
        "datasource": SOURCE,
        "gridPos": {
            "x": number % 2 * WIDTH,
            "y": number // 2 * HEIGHT,
            "w": WIDTH,
            "h": HEIGHT,
        },
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + place), "expr": query, "legendFormat": legend}
            for place, (query, legend) in enumerate(panel.queries)
        ],
    }
