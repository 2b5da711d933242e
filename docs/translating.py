"""Puts the texts that are marked in the source into the catalogues of translations: `make messages`.

Texts are marked with `_("…")`, `lazy("…")` and `ngettext("…", "…", number)` in Python and scripts, with `{% trans %}`
in templates; the house wording needs no mark. A text that changed a little is proposed with its old translation, marked
as fuzzy, and not used until somebody has looked at it.
"""

# ruff: noqa: INP001 -- a script beside the pages, not a package

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from bot.translation import FOLDER
from bot.wording import HOUSE, house_wording

ROOT = Path(__file__).parent.parent

_METHODS = {".html": "jinja2", ".js": "javascript"}
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pending": None, "lazy": None, "lazy_ngettext": (1, 2)}
_MARK = re.compile(rf"\b(?:{'|'.join(_KEYWORDS)})\(")
"""Most files have none, and need not be parsed."""
_MOST = 2
"""Texts of one mark: one thing, and several."""
_OPTIONS = {"trimmed": "true"}
_NOISE = tuple(f'"{one}' for one in ("Project", "Report", "POT-", "PO-Rev", "Last-", "Language-Team", "Generated"))
"""How lines of the header begin that say nothing of ours, or change with each run."""


def marked_texts() -> Catalog:
    """All texts that are marked in the source, and the house wording, with the files that have them.

    Raises ValueError for a text that stands alone and also for one of several: Python 3.11.2, for one, looks for it
    only among the texts that stand alone, and does not find it.
    """
    found = Catalog(project="Convenor", charset="utf-8")
    alone, counted = set[str](), set[str]()
    for path in sorted(one for folder in ("bot", "adapters") for one in (ROOT / folder).rglob("*.*")):
        where = [(path.relative_to(ROOT).as_posix(), 0)]
        for text in _texts_in(path):
            found.add(text, None, where)
            (alone if isinstance(text, str) else counted).add(text if isinstance(text, str) else text[0])
    if both := alone & counted:
        raise ValueError(f"marked with _() and with ngettext(): {sorted(both)}")
    for name, text in house_wording().items():
        found.add(text, None, [(HOUSE.relative_to(ROOT).as_posix(), 0)], auto_comments=[name])
    return found


def _texts_in(path: Path) -> Iterator[str | tuple[str, ...]]:
    """The texts of one file. Babel does not see into f-strings, so Python is parsed."""
    if path.suffix == ".py":
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)) if _MARK.search(source) else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _KEYWORDS:
                given = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                yield from [given[0]] if len(given) == 1 else [tuple(given[:_MOST])] if given else []
    elif path.suffix in _METHODS:
        for found in extract_from_file(_METHODS[path.suffix], path, keywords=_KEYWORDS, options=_OPTIONS):
            yield found[1]


def update(path: Path, texts: Catalog) -> Catalog:
    """A catalogue with the texts that are marked now, and the translations it had; those no longer used are dropped."""
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.stem)
    catalogue.update(texts, update_creation_date=False)
    catalogue.obsolete.clear()
    return catalogue


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue, in an order that hardly changes with the source, and without a header of empty fields."""
    written = BytesIO()
    write_po(written, catalogue, width=120, sort_by_file=True, include_lineno=False)
    lines = written.getvalue().decode().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(_NOISE)), encoding="utf-8")


if __name__ == "__main__":
    texts = marked_texts()
    for path in sorted(FOLDER.glob("*.po")):
        made = update(path, texts)
        write(path, made)
        missing = sum(1 for one in made if one.id and (one.fuzzy or not one.string or not all(one.string)))
        print(f"{path.name}: {missing} to translate")  # noqa: T201 -- whoever translates wants to know
