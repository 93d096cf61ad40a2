"""PDF: a statement as a customer gets it, on paper of A4.

Owns: the pages. The same report is the same bytes: no clock, no id of a run.
Never: changes a figure; what a customer wrote is text, never markup.

The fonts are those that every reader of PDF has, which know Western letters only: any other letter
is shown as `?`, and stands as it is in JSON and CSV.
"""

from __future__ import annotations

from functools import partial
from html import escape
from io import BytesIO
from typing import Any, Final

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from ops.reports.paper import Amount, Cell, Column, Kind, Report, Row, Section

LETTERS: Final = "cp1252"
MARGIN: Final = 14 * mm
PADDING: Final = 6  # reportlab keeps so many points inside its frame
LEFT: Final = MARGIN + PADDING
RIGHT_EDGE: Final = A4[0] - LEFT
WIDTH: Final = RIGHT_EDGE - LEFT
# How wide a column is against the others; what a title says is in it decides.
SHARES: Final = {"booked": 24, "effective": 24, "what": 26, "with": 28, "reference": 36}
MONEY_SHARE: Final = 24
TEXT_SHARE: Final = 34
INK: Final = colors.HexColor("#1f2933")
PALE: Final = colors.HexColor("#f2f4f7")
RULE: Final = colors.HexColor("#c3c9d1")
BODY: Final = ParagraphStyle("body", fontName="Helvetica", fontSize=8, leading=10, textColor=INK)
RIGHT: Final = ParagraphStyle("right", BODY, alignment=TA_RIGHT, splitLongWords=0)
BOLD: Final = ParagraphStyle("bold", BODY, fontName="Helvetica-Bold")
BOLD_RIGHT: Final = ParagraphStyle("bold right", BOLD, alignment=TA_RIGHT, splitLongWords=0)
TITLE: Final = ParagraphStyle("title", BOLD, fontSize=20, leading=26)
HEADING: Final = ParagraphStyle("heading", BOLD, fontSize=12, leading=16, spaceBefore=14)
SMALL: Final = ParagraphStyle("small", BODY, fontSize=7, leading=9, splitLongWords=1)
GRID: Final = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
    ("ROWBACKGROUNDS", (0, 1), (-1, -1), (colors.white, PALE)),
    ("TOPPADDING", (0, 0), (-1, -1), 2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ("LEFTPADDING", (0, 0), (-1, -1), 3),
    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
)


def as_pdf(report: Report) -> bytes:
    """Return the pages; laid out twice, since the first one says how many there are."""
    pages: list[int] = []
    _built(report, lambda _canvas, document: pages.append(document.page))
    return _built(report, partial(_foot, report, max(pages)))


def _built(report: Report, foot: Any) -> bytes:  # noqa: ANN401 - reportlab has no types
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=18 * mm,
        title=_letters(report.title),
        author=_letters(dict(report.facts).get("ledger", "")),
        invariant=1,
    )
    document.build(_story(report), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _foot(report: Report, pages: int, canvas: Any, document: Any) -> None:  # noqa: ANN401 - see above
    about = ", ".join(fact for name, fact in report.facts if name in ("wallet", "merchant", "to"))
    canvas.saveState()
    canvas.setStrokeColor(RULE)
    canvas.line(LEFT, 13 * mm, RIGHT_EDGE, 13 * mm)
    canvas.setFont("Helvetica", 7)
    canvas.setFillColor(INK)
    canvas.drawString(LEFT, 9 * mm, _letters(f"{report.title}: {about}")[:120])
    canvas.drawRightString(RIGHT_EDGE, 9 * mm, f"page {document.page} of {pages}")
    canvas.restoreState()


def _story(report: Report) -> list[Any]:
    story: list[Any] = [Paragraph(_text(report.title), TITLE), _facts(report)]
    for section in report.sections:
        story += _section(section)
    story.append(KeepTogether(_stands_on(report)))
    return story


def _facts(report: Report) -> Any:  # noqa: ANN401 - see above
    rows = [
        [Paragraph(_text(name), BOLD), Paragraph(_text(fact), BODY)] for name, fact in report.facts
    ]
    return Table(
        rows, colWidths=(24 * mm, WIDTH - 24 * mm), style=TableStyle(GRID[3:]), hAlign="LEFT"
    )


def _section(section: Section) -> list[Any]:
    head = [_cell(each.title, each, BOLD, BOLD_RIGHT) for each in section.columns]
    rows = [_row(row, section.columns, BODY, RIGHT) for row in section.rows]
    totals = [_row(row, section.columns, BOLD, BOLD_RIGHT) for row in section.totals]
    style = [*GRID]
    if totals:
        first = len(rows) + 1
        style.append(("LINEABOVE", (0, first), (-1, first), 0.8, INK))
    table = Table(
        [head, *rows, *totals],
        colWidths=_widths(section.columns),
        repeatRows=1,
        style=TableStyle(style),
        hAlign="LEFT",
    )
    return [Paragraph(_text(section.title), HEADING), Spacer(0, 4), table]


def _widths(columns: tuple[Column, ...]) -> list[float]:
    shares = [
        MONEY_SHARE if each.kind is Kind.MONEY else SHARES.get(each.title, TEXT_SHARE)
        for each in columns
    ]
    # Few columns need no more than their share of a full page.
    whole = max(sum(shares), sum(SHARES.values()) + 2 * MONEY_SHARE)
    return [WIDTH * each / whole for each in shares]


def _row(
    row: Row, columns: tuple[Column, ...], left: ParagraphStyle, right: ParagraphStyle
) -> list[Any]:
    return [_cell(cell, column, left, right) for cell, column in zip(row, columns, strict=True)]


def _cell(cell: Cell, column: Column, left: ParagraphStyle, right: ParagraphStyle) -> Any:  # noqa: ANN401 - see above
    if isinstance(cell, Amount):
        return Paragraph(f"{cell.shown()}", right)
    text = "" if cell is None else str(cell)
    return Paragraph(_text(text), left if column.kind is Kind.TEXT else right)


def _stands_on(report: Report) -> list[Any]:
    lines = [f"{'holds' if each.holds else 'FAILS'}: {each.text}" for each in report.proofs]
    lines += [f"stands on {each.text()}" for each in report.stands]
    return [
        Paragraph("What it stands on", HEADING),
        Spacer(0, 4),
        *(Paragraph(_text(each), SMALL) for each in lines),
    ]


def _text(text: str) -> str:
    """Return text that a paragraph takes for text, whatever is in it."""
    return escape(_letters(text))


def _letters(text: str) -> str:
    """Return text of the letters that the fonts have."""
    return text.encode(LETTERS, "replace").decode(LETTERS)
