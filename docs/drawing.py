"""Draws the parts of the program and who imports whom, for `how-it-works.md`: `make drawing`.

The parts come from `MAY_KNOW` in `tests/test_architecture.py`, the arrows from the imports of `bot` and `adapters`.
Only `PLACES` is drawn by hand. A test compares the committed picture with this script's, so it can't go stale.
"""

# ruff: noqa: INP001 -- a script beside the pages, not a package

from __future__ import annotations

import textwrap
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from tests.test_architecture import EDGE, MAY_KNOW, all_imports, package_of

PAGE = Path(__file__).parent / "how-it-works.md"
PICTURE = Path(__file__).parent / "pictures" / "parts.svg"

EVERYDAY = {
    "messages",
    "chat",
    "errors",
    "hashtags",
    "wording",
    "clock",
    "calendar",
    "cpd",
    "publication",
    "privacy_notice",
    "private_notices",
    "log",
    "file_watch",
    "readable",
    "translation",
    "local_dates",
    "template_translation",
}
"""Packages that every part may import; their arrows would hide the rest."""

OWN_BOX = {"commands.grammar"}
"""Subpackages with a box of their own, because other packages import them and not the package around them."""

WIDTH, HEIGHT = 456, 584
COLUMN, ROW, BOX_HEIGHT = 114, 68, 44


class Box(NamedTuple):
    """A part of the program: its two lines of text and its corners, in units of the picture."""

    caption: str
    left: float
    top: float
    right: float
    fill: str

    @property
    def bottom(self) -> float:
        """The lower side."""
        return self.top + BOX_HEIGHT


def _box(caption: str, column: float, row: float, fill: str, *, columns: float = 1) -> Box:
    left = column * COLUMN
    return Box(caption, left, 92 + row * ROW, left + columns * COLUMN - 16, fill)


BEFORE, OUTWARD, INWARD, AFTER, ALWAYS, ADAPTER = "#fdf3d8", "#dcebfb", "#dff3e3", "#f3e4f7", "#ececec", "#ffffff"

PLACES = {
    "settings": _box("config files", 0, 0, BEFORE),
    "toml": _box("text, checked", 0, 1, BEFORE),
    "authoring": _box("chat files", 0, 2, BEFORE),
    "team": _box("the team's page", 1, 3, BEFORE),
    "commands.grammar": _box("text → request", 1, 0, OUTWARD, columns=2),
    "commands": _box("next, pause …", 1, 1, OUTWARD),
    "scheduling": _box("posts on time", 1, 2, OUTWARD),
    "listening": _box("heard once", 2, 1, INWARD),
    "moderation": _box("keep, hold, drop", 2, 2, INWARD),
    "transfer": _box("event logs", 3, 0, AFTER),
    "status": _box("for the shell", 3, 1, AFTER),
    "reporting": _box("transcript", 3.16, 2, AFTER, columns=0.84),
    "site": _box("archive", 3.46, 3, AFTER, columns=0.54),
    "erasure": _box("forgotten", 1, 4, AFTER),
    "blog": _box("drafts", 3.46, 4, AFTER, columns=0.54),
    "live": _box("chats now on", 2, 3, ALWAYS, columns=1.06),
    "store": _box("the tables", 2, 4, ALWAYS, columns=1.3),
    "ports": _box("all that the core and an adapter know of each other", 0, 5, ALWAYS, columns=4),
    "adapters": _box("room · x · discord · wordpress", 0, 6, ADAPTER, columns=4),
}
"""Each part's place, as the life of a chat reads: before, during, after, from left to right; the store below."""

HEADINGS = (("before", 0), ("during, outward", 1), ("during, inward", 2), ("after", 3))

Arrow = tuple[str, str]


# The arrows ------------------------------------------------------------------------------------------------


def _part_of(package: str) -> str | None:
    """The box of a package in the plan; None for everyday words, and for the packages that put the parts together."""
    part = package if package in OWN_BOX else package.partition(".")[0]
    if part in {"", *EVERYDAY, *EDGE}:
        return None
    if part not in PLACES:
        raise ValueError(f"'{part}' has no place in the picture: give it one in PLACES of docs/drawing.py")
    return part


@cache
def imported() -> dict[Arrow, bool]:
    """Every import between two parts; False if it needs only modules that the plan lists by themselves: pure ones."""
    for package in MAY_KNOW:
        _part_of(package)
    found = dict[Arrow, bool]()
    for one in all_imports("bot", "adapters"):
        by, what = ("adapters" if name.startswith("adapters") else package_of(name) for name in (one.by, one.what))
        user, used = _part_of(by or ""), _part_of(what or "")
        if user and used and user != used:
            found[user, used] = found.get((user, used), False) or what == used
    return found


def _reaches(start: str, end: str, arrows: set[Arrow]) -> bool:
    """Whether two or more arrows lead from one part to another."""
    known, ahead = set[str](), {used for user, used in arrows if user == start} - {end}
    while ahead:
        known |= ahead
        ahead = {used for user, used in arrows if user in ahead} - known
    return end in known


def drawn() -> dict[Arrow, bool]:
    """The arrows of the picture: the imports without those that follow from others."""
    every = imported()
    whole = {arrow for arrow, is_whole in every.items() if is_whole}
    return {
        arrow: is_whole
        for arrow, is_whole in sorted(every.items())
        if not _reaches(*arrow, whole if is_whole else set(every))
    }


def in_words() -> str:
    """The same as text, for people who can't see the picture."""
    lines = []
    for part in PLACES:
        arrows = [(other, is_whole) for (user, other), is_whole in drawn().items() if user == part]
        used = [f"`{other}`" for other, is_whole in arrows if is_whole]
        used += [f"pure modules of `{other}`" for other, is_whole in arrows if not is_whole]
        if used:
            lines.append(f"`{part}` imports {', '.join(used[:-1])}{' and ' if used[1:] else ''}{used[-1]}.")
    told = "In words, without the imports that follow from others: " + " ".join(lines)
    return textwrap.fill(told, 120, break_on_hyphens=False)


# The picture -----------------------------------------------------------------------------------------------


def _middle(low: float, high: float, blocked: list[tuple[float, float]]) -> float | None:
    """The free value nearest to the middle of a range, and 8 away from its ends; None if there is none."""
    steps = [low + 8 + step for step in range(int(high - low) - 15)]
    free = [at for at in steps if not any(start - 6 < at < end + 6 for start, end in blocked)]
    return min(free, key=lambda at: abs(at - (low + high) / 2), default=None)


def line(user: str, used: str) -> tuple[float, float, float, float]:
    """The two ends of an arrow: straight down, up or across if no box is in the way, else from corner to corner."""
    start, end = PLACES[user], PLACES[used]
    others = [box for part, box in PLACES.items() if part not in {user, used}]
    down = end.top > start.top
    if start.top == end.top:
        y = start.top + BOX_HEIGHT / 2
        return (start.right, y, end.left, y) if end.left > start.left else (start.left, y, end.right, y)
    low, high = sorted((start.top, end.top))
    between = [(box.left, box.right) for box in others if low < box.top < high]
    leaves, meets = (start.bottom, end.top) if down else (start.top, end.bottom)
    x = _middle(max(start.left, end.left), min(start.right, end.right), between)
    if x is not None:
        return x, leaves, x, meets
    right = end.left + end.right > start.left + start.right
    return start.right - 12 if right else start.left + 12, leaves, end.left + 14 if right else end.right - 14, meets


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{kind}">{escape(text)}</text>'


def picture() -> str:
    """The whole picture as SVG. It loads nothing; its description names every arrow."""
    edge = "   ".join(sorted(EDGE - {"__main__"}))
    rows = [
        _text((WIDTH - 16) / 2, 26, edge, "name"),
        _text((WIDTH - 16) / 2, 43, "put the parts together, and may import all of them", "caption"),
        *(_text(column * COLUMN + (COLUMN - 16) / 2, 80, heading, "heading") for heading, column in HEADINGS),
    ]
    shape = f'height="{BOX_HEIGHT}" rx="6"'
    for part, box in PLACES.items():
        middle = (box.left + box.right) / 2
        rows += [
            f'<rect x="{box.left:g}" y="{box.top:g}" width="{box.right - box.left:g}" {shape} fill="{box.fill}"/>',
            _text(middle, box.top + 19, part.rpartition(".")[2], "name"),
            _text(middle, box.top + 35, box.caption, "caption"),
        ]
    for (user, used), is_whole in drawn().items():
        x1, y1, x2, y2 = line(user, used)
        kind = "whole" if is_whole else "pure"
        rows.append(f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}" class="{kind}"/>')
    rows.append(_text((WIDTH - 16) / 2, HEIGHT - 16, "arrow: imports; dashed: only pure modules of it", "heading"))
    body = "\n".join(rows)
    description = escape(in_words().replace("`", "").replace("\n", " "))
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -4 {WIDTH} {HEIGHT}" role="img" aria-labelledby="title desc">
<title id="title">The parts of Convenor and their imports, in the order of a chat's life</title>
<desc id="desc">{description}</desc>
<style>
text {{ font-family: system-ui, sans-serif; text-anchor: middle; fill: #1b1b1b }}
.name {{ font-size: 14px; font-weight: 600; white-space: pre }}
.caption {{ font-size: 11px }}
.heading {{ font-size: 13px; fill: #444 }}
rect {{ stroke: #777 }}
path.whole, path.pure {{ stroke: #333; stroke-width: 1.4; fill: none; marker-end: url(#head) }}
path.pure {{ stroke-dasharray: 4 3 }}
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">
<path d="M0 0L8 4L0 8z" fill="#333"/></marker></defs>
<rect x="-8" y="-4" width="{WIDTH}" height="{HEIGHT}" fill="#fff" style="stroke: none"/>
<rect x="0" y="4" width="{WIDTH - 16}" height="50" rx="6" fill="{ADAPTER}" stroke-dasharray="4 3"/>
{body}
</svg>
"""


def page(text: str) -> str:
    """The page with the picture in words between its two marks. Raises ValueError if a mark is missing."""
    start, end = "<!-- drawn: begin -->\n", "<!-- drawn: end -->"
    before, _, rest = text.partition(start)
    _, mark, after = rest.partition(end)
    if not mark:
        raise ValueError(f"{PAGE.name} has no place for the picture in words: {start.strip()} … {end}")
    return f"{before}{start}{in_words()}\n{mark}{after}"


def main() -> None:
    """Write the picture, and the words below it."""
    PICTURE.write_text(picture(), encoding="utf-8")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
