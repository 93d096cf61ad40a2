"""Page: the report for a person, one HTML file with its pictures inside.

Owns: what stands where.
Never: loads anything, computes a figure: all of them are the content's.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any, Final

from ops.console import money_text
from ops.page import page, table
from ops.recon.report.content import Content, document_of
from ops.recon.report.matched import Matching, Share
from ops.recon.report.pictures import (
    AGES,
    ENDED,
    LINE,
    NEW,
    REST,
    SHARES,
    Piece,
    Turn,
    columns,
    legend,
    shares,
    turns,
)

LATE_MAX: Final = 50
STYLE: Final = """<style>
h1 { margin-bottom: 0 } h2 { margin: 2em 0 .4em; border-bottom: 1px solid #d5d9de }
.sub { color: #4a5561; margin-top: .2em } td, th { padding: .25em .8em; vertical-align: top }
.tiles { display: flex; flex-wrap: wrap; gap: 1em; margin: 1.2em 0 }
.tiles div { flex: 1; min-width: 8em; background: #f4f6f8; border-radius: 6px; padding: .6em 1em }
.tiles b { display: block; font-size: 1.7em; line-height: 1.2 }
.legend span { margin-right: 1.2em; white-space: nowrap; color: #4a5561; font-size: 13px }
.side { display: flex; flex-wrap: wrap; gap: 0 3em; align-items: flex-start }
.right td:not(:first-child), .right th:not(:first-child) { text-align: right }
.late td:nth-child(-n+5) { white-space: nowrap }
.legend i { display: inline-block; width: .8em; height: .8em; margin-right: .4em }
code { font-size: 12px; word-break: break-all } .sign td { height: 2.6em; min-width: 14em }
.sign td, .sign th { border: 1px solid #d5d9de } svg { display: block }
@media print { h2 { break-after: avoid } svg, table { break-inside: avoid } }
</style>"""


def page_of(content: Content) -> str:
    """Return the page."""
    said = document_of(content)
    parts = [
        STYLE,
        "<h1>Reconciliation</h1>",
        f'<p class="sub">{said["from"]} to {said["to"]}, days in UTC</p>',
        _tiles(content, said),
        *_roll_forward(content),
        *_ageing(said),
        *_matching(content.matching),
        *_lists(said),
        *_stands_on(said),
        _sign_off(said),
    ]
    return page(f"Reconciliation {said['from']} to {said['to']}", "\n".join(parts))


def _tiles(content: Content, said: dict[str, Any]) -> str:
    matching = content.matching
    late, cuts = len(said["overdue"]), said["cuts"]
    tiles = [
        ("open now", str(said["roll_forward"]["closing"]), ""),
        ("overdue", str(late), "bad" if late else "good"),
        ("matched", "not asked" if matching is None else _percent(matching.expectations), ""),
        (
            "cuts equal",
            f"{cuts['equal']} of {cuts['proved']}",
            "good" if cuts["equal"] == cuts["proved"] else "bad",
        ),
    ]
    said_tiles = "".join(
        f'<div>{escape(name)}<b class="{kind}">{escape(value)}</b></div>'
        for name, value, kind in tiles
    )
    return f'<div class="tiles">{said_tiles}</div>'


def _roll_forward(content: Content) -> Iterator[str]:
    whole = content.roll_forward()
    yield "<h2>Roll-forward</h2>"
    yield (
        f"<p>Opening <b>{whole.opening}</b> + new <b>{whole.new}</b> &minus; ended "
        f"<b>{whole.ended}</b> = closing <b>{whole.closing}</b></p>"
    )
    days = [
        Turn(day.isoformat()[5:], each.new, each.ended, each.closing)
        for day, each in content.by_day()
    ]
    yield turns(days)
    yield legend([("new", NEW), ("ended", ENDED), ("open at the end of the day", LINE)])


def _ageing(said: dict[str, Any]) -> Iterator[str]:
    yield "<h2>Age of what is open</h2>"
    rows = said["ageing"]
    if not any(each["count"] for each in rows):
        yield "<p>Nothing is open.</p>"
        return
    yield columns([each["days"] for each in rows], [each["count"] for each in rows], AGES)
    yield table(
        ("days", "count", "at stake"),
        [(each["days"], each["count"], _money(each["amounts"])) for each in rows if each["count"]],
    )


def _matching(matching: Matching | None) -> Iterator[str]:
    yield "<h2>Match rate</h2>"
    if matching is None:
        yield "<p>Not asked: give the accounts of the rails with <code>--rails</code>.</p>"
        return
    yield from _rates(matching)
    yield '<div class="right">'
    yield table(
        ("", "matched", "of", "rate"),
        [
            ("expectations", *_share(matching.expectations)),
            ("booked lines", *_share(matching.lines)),
            *((currency, *_money_share(currency, each)) for currency, each in matching.amounts),
        ],
    )
    yield '</div><div class="side">'
    yield table(("expectations that are", "count"), matching.statuses)
    if matching.unexpected:
        yield table(("lines that nobody expected", "count"), matching.unexpected)
    yield f"</div><p>Proposals that wait for a person: {matching.proposals}</p>"


def _rates(matching: Matching) -> Iterator[str]:
    """Yield the picture: by count what each pass found, by amount what all of them did."""
    pieces = [
        Piece(name, count, SHARES[place % len(SHARES)])
        for place, (name, count) in enumerate(matching.passes)
    ]
    rest = matching.expectations.whole - matching.expectations.part
    rows = [("by count", [*pieces, Piece("not matched", rest, REST)])]
    for currency, share in matching.amounts:
        found = Piece("matched", share.part, SHARES[1])
        open_ = Piece("not matched", share.whole - share.part, REST)
        rows.append((f"by amount, {currency}", [found, open_]))
    yield shares(rows)
    yield legend([*((each.name, each.colour) for each in pieces), ("not matched", REST)])


def _lists(said: dict[str, Any]) -> Iterator[str]:
    if not said["by_kind"]:
        return
    yield '<h2>Open, by kind and by owner</h2><div class="side">'
    for title, rows in (("kind", said["by_kind"]), ("owner", said["by_owner"])):
        found = [(each["name"], each["open"], each["overdue"]) for each in rows]
        yield table((title, "open", "overdue"), found)
    yield "</div>"
    late = said["overdue"]
    if late:
        yield '<h2>Overdue</h2><div class="late">'
        yield table(
            ("due", "kind", "who", "state", "at stake", "about"),
            [
                (
                    each["due"],
                    each["kind"],
                    each["who"],
                    each["state"].lower().replace("_", " "),
                    money_text(each["minor"], each["currency"]) if each["minor"] else "",
                    each["about"],
                )
                for each in late[:LATE_MAX]
            ],
        )
        yield "</div>"
    if len(late) > LATE_MAX:
        yield f"<p>and {len(late) - LATE_MAX} more; the JSON has all</p>"


def _stands_on(said: dict[str, Any]) -> Iterator[str]:
    yield "<h2>What it stands on</h2>"
    cuts = said["cuts"]
    newest = cuts["newest"]
    named = "none" if newest is None else f"{newest['k']} {newest['label']}".strip()
    yield (
        f"<p>Cuts: {cuts['taken']} taken, {cuts['proved']} proved, {cuts['equal']} equal; the "
        f"newest proved one is {escape(named)}.</p>"
    )
    if not said["files"]:
        yield "<p>No file of a bank was taken in.</p>"
        return
    titles = ("account", "format", "lines", "findings", "SHA-256")
    yield f"<table><tr>{''.join(f'<th>{each}</th>' for each in titles)}</tr>"
    for each in said["files"]:
        cells = (each["account"], each["format"], each["lines"], ", ".join(each["findings"]))
        yield "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells)
        yield f"<td><code>{escape(each['fingerprint'])}</code></td></tr>"
    yield "</table>"


def _sign_off(said: dict[str, Any]) -> str:
    rows = "".join(f"<tr><th>{who}</th><td></td><td></td></tr>" for who in ("prepared", "reviewed"))
    return (
        "<h2>Sign-off</h2><p>Of the figures with the digest "
        f"<code>{said['digest']}</code>, which <code>--json</code> prints too.</p>"
        f'<table class="sign"><tr><th></th><th>name</th><th>date</th></tr>{rows}</table>'
    )


def _share(share: Share) -> tuple[int, int, str]:
    return share.part, share.whole, _percent(share)


def _money_share(currency: str, share: Share) -> tuple[str, str, str]:
    part, whole = (money_text(each, currency) for each in (share.part, share.whole))
    return part, whole, _percent(share)


def _percent(share: Share) -> str:
    bps = share.bps
    return "nothing expected" if bps is None else f"{bps / 100:.2f} %"


def _money(amounts: dict[str, int]) -> str:
    return ", ".join(money_text(minor, currency) for currency, minor in amounts.items())
