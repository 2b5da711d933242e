"""The one place where something is replaced before it is compared, and why. Whatever is not named here is compared.

- `ids`: what the room draws at random for people and messages (`r` and 16 signs), as `<r1>`, `<r2>` … in the order in
  which they are met: who said what and who replied to whom is still compared. In sorted lists (`alike`) all are `<r>`.
  There also the sum in the address of a style or a script, which says only that the file was changed.
- `keyed`: the ids that are made anew for each chat, with a secret of the store's, as `<k1>`, `<k2>` …
- `notices`: the same for the keys and ids of what the bot says besides its plan, which are drawn at random as well.
- `in_kinds`: what is said and what is posted of it are written down side by side, in either order. So the lines of an
  event log that are new are told by their kind; within a kind the order is compared.
- `seconds`: seconds of an instant and of a clock in the terminal, how many seconds after the question an answer came,
  and where in the picture a question's line stands. They tell how busy the machine was. Minutes stay; the rehearsal's
  script leaves half a minute of its time for that.
- `early`: when the people of the rehearsal come in, in the two seconds before it, in which the program starts as well.
  They stand before the first post, and without a time.
- `since`: instants in a store that was moved to today. Those of before are moved back and compared to the microsecond;
  those of after are `<later>`, and clocks without a date are `<clock>`: both hang on when the test runs.
- `here`: where the test runs: the room's port, which is any that is free, and the folder.
- `page`: the style and the script of a page, and the sum of the script. They are looked at in a browser.
- `now`: the moment of asking, in `status --json`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

_ID = re.compile(r"(?<![A-Za-z0-9])r(?:_5f_|[A-Za-z0-9-]|_){16}(?=-[0-9a-f]{12}\b|(?![A-Za-z0-9_-]))")
_KEYED = re.compile(r"(?<![A-Za-z0-9])([pm])-[0-9a-f]{16}(?![0-9a-f])")
_NOTICE = re.compile(r"(?<=notice-)[a-z2-7]{12}\b|(?<![A-Za-z0-9])[a-z2-7]{24}(?![A-Za-z0-9])")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
_DAY = re.compile(r"(?<=')\d{4}-\d\d-\d\d(?=')")
_MICROS = re.compile(r"(?<![\w.])1[78]\d{14}(?![\w.])")
_CLOCK = re.compile(r"\b\d\d:\d\d(?::\d\d)?\b")
_LENGTH = re.compile("(?:\\d+[ \N{NO-BREAK SPACE}]min )?\\d+[ \N{NO-BREAK SPACE}]s\\b|\\d+[ \N{NO-BREAK SPACE}]min\\b")
_JOINED = re.compile(r'^\d\d:\d\d:\d\d  joined |^{"type":"joined"')
_POSTED = re.compile(r'^\d\d:\d\d:\d\d  posted |^{"type":"posted"')


def ids(text: str) -> str:
    """With a number in the place of each random id."""
    met: dict[str, int] = {}
    text = _ID.sub(lambda found: f"<r{met.setdefault(found[0].replace('_5f_', '_'), len(met) + 1)}>", text)
    return keyed(text)


def keyed(text: str) -> str:
    """With a number in the place of each id that was made anew for its chat, of people and of messages."""
    met: dict[str, dict[str, int]] = {"p": {}, "m": {}}

    def number(found: re.Match[str]) -> str:
        known = met[found[1]]
        return f"<{'k' if found[1] == 'p' else 'h'}{known.setdefault(found[0], len(known) + 1)}>"

    return _KEYED.sub(number, text)


def alike(text: str) -> str:
    """With the same in the place of every random id: for what is put in order afterwards."""
    return re.sub(r"\?v=[0-9a-f]{12}\b", "", _KEYED.sub("<k>", _ID.sub("<r>", text)))


def notices(text: str) -> str:
    """With a number in the place of the key of each notice, and of the id of each post."""
    met: dict[str, int] = {}
    return _NOTICE.sub(lambda found: f"<p{met.setdefault(found[0], len(met) + 1)}>", text)


def in_kinds(log: str) -> str:
    """An event log with its new lines at the end, by their kind."""
    return "".join(sorted(log.splitlines(keepends=True), key=lambda line: _kind(line) if "<later>" in line else ""))


def _kind(line: str) -> str:
    return line.partition('"type":"')[2].partition('"')[0]


def seconds(text: str) -> str:
    """Without seconds."""
    cut = _INSTANT.sub(lambda found: f"{found[0][:16]}Z", text)
    cut = re.sub(r"(?m)^(\d\d:\d\d):\d\d  ", r"\1  ", cut)
    cut = re.sub(r'(_seconds": )\d+', r"\1<s>", cut)
    cut = re.sub(r'("\d{4}-\d\d-\d\d \d\d:\d\d):\d\d', r"\1", cut)
    cut = _LENGTH.sub("<s>", cut)
    cut = re.sub(r'(<line class="mark") x1="[\d.]+" x2="[\d.]+"', r"\1", cut)
    return re.sub(r'(<text class="asked") x="[\d.]+"', r"\1", cut)


def early(text: str) -> str:
    """What tells that somebody joined, before the first post and without the time."""
    lines = text.splitlines(keepends=True)
    joined = [line for line in lines if _JOINED.search(line)]
    rest = [line for line in lines if line not in joined]
    first = next((index for index, line in enumerate(rest) if _POSTED.search(line)), 0)
    plain = [_CLOCK.sub("<early>", _INSTANT.sub("<early>", line)) for line in joined]
    return "".join([*rest[:first], *plain, *rest[first:]])


def moved(text: str, stopped: datetime, to: datetime) -> str:
    """A store as SQL that was left at `to`, not at `stopped`: every instant and every day in it is so much later."""
    by = to - stopped

    def instant(found: re.Match[str]) -> str:
        return (datetime.fromisoformat(found[0]) + by).isoformat().replace("+00:00", "Z")

    def day(found: re.Match[str]) -> str:
        return (datetime.combine(date.fromisoformat(found[0]), stopped.timetz()) + by).date().isoformat()

    micros = by // timedelta(microseconds=1)
    text = _MICROS.sub(lambda found: str(int(found[0]) + micros), text)
    return _INSTANT.sub(instant, _DAY.sub(day, text))


def since(text: str, stopped: datetime, by: timedelta) -> str:
    """What a moved store tells, moved back; what is later than its end is not told."""

    def instant(found: re.Match[str]) -> str:
        back = datetime.fromisoformat(found[0]) - by
        return "<later>" if back > stopped else back.isoformat().replace("+00:00", "Z")

    return _CLOCK.sub("<clock>", _INSTANT.sub(lambda found: instant(found).replace(":", "."), text))


def page(text: str) -> str:
    """A page without its style and script, which say nothing of a chat."""
    return re.sub(r"<(style|script)>.*?</\1>|sha256-[\w+/=]+", r"<\1>", text, flags=re.DOTALL)


def here(text: str, folder: Path) -> str:
    """Without the room's port and the folder."""
    return re.sub(r"http://127\.0\.0\.1:\d{2,5}", "<room>", text).replace(str(folder), "<folder>")


def now(text: str) -> str:
    """Without the moment of asking."""
    return re.sub(r'("now": ?)"[^"]*"', r'\1"<now>"', text)
