"""From a path to a Chat, or to every doubt with its line. Also which files below a folder are chat files.

A chat's file is joined with `series.toml` beside it. Nothing is asked of the network or the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from bot import wording
from bot.authoring import pacing, rules, timetable, timezones
from bot.authoring.chatfile import ChatFile, PersonTable, SeriesFile
from bot.authoring.source import ChatSource, part
from bot.chat import Chat, Host, Question
from bot.errors import Problem
from bot.messages import Image, Value
from bot.toml.document import path_text, read_toml
from bot.toml.positions import KeyPath
from bot.toml.validation import sorted_problems

SERIES = "series.toml"
REHEARSAL = "rehearsal.toml"

_NO_ADDRESS = frozenset("?#%\\")
"""A chat's name is part of its page's address, which ends or changes at these."""

_TAKEN = "host"
"""The room's private links begin with this, so that a series of this name could not be reached."""

_DEPTH = 2
"""Below the root a chat file has a folder, which is its series, and its name."""


class Loaded(Value, frozen=True, kw_only=True):
    """What came of a file. `chat` is there whenever no problem is an error.

    `spots` has the line and column where each text of the chat was written, by the key of its slot.
    """

    chat: Chat | None
    problems: tuple[Problem, ...] = ()
    spots: Mapping[str, tuple[str, int, int]] = msgspec.field(default_factory=dict)


def load(
    path: Path,
    *,
    now: datetime | None = None,
    places: Mapping[str, str] | None = None,
    root: Path | None = None,
) -> Loaded:
    """The chat in a file, and what is wrong or doubtful.

    `places` are those configured, with their platforms; None where nothing is known about them. `now` lets a start
    far ahead be doubted. `root` is the folder of all series, from which the chat has its name.
    """
    document = read_toml(path)
    beside = path.parent / SERIES
    series = part(read_toml(beside), SeriesFile) if beside.is_file() else None
    draft = ChatSource(chat=part(document, ChatFile), series=series)
    problems = [*draft.problems, *_astray(draft, path, root)]
    if not document.unreadable and not (series and series.document.unreadable):
        problems += rules.everything(draft, places or {}, now)
    failed = any(problem.severity == "error" for problem in problems)
    if failed:
        return Loaded(chat=None, problems=sorted_problems(problems))
    return Loaded(chat=built(draft, named(path, root)), problems=sorted_problems(problems), spots=_spots(draft))


def _spots(draft: ChatSource) -> dict[str, tuple[str, int, int]]:
    """Where each text stands: its file, line and column."""
    paths: dict[str, KeyPath] = {key: (key,) for key in ("welcome", "rules", "closing")}
    asked = len(draft.values.questions or ())
    paths |= {f"q{number}": ("questions", number - 1, "text") for number in range(1, asked + 1)}
    found = {key: draft.problem(path, "") for key, path in paths.items()}
    return {key: (one.file, one.line, one.column) for key, one in found.items()}


def _astray(draft: ChatSource, path: Path, root: Path | None) -> Iterator[Problem]:
    """A file below the root is hosted only from the folder of a series, and under a name as `find` looks for."""
    whole = _plain(path)
    if draft.chat.document.unreadable or not root or not whole.is_relative_to(_plain(root)):
        return
    if strange := sorted({one for one in whole.stem + whole.parent.name if one in _NO_ADDRESS}):
        what = f"the name of this file or of its folder has a '{strange[0]}'"
        yield draft.problem((), f"{what}, which breaks the address of the chat's page; take it out.")
    if whole.parent.name == _TAKEN:
        what = f"the folder of this file is called '{_TAKEN}', which the room needs for its private links"
        yield draft.problem((), f"{what}; give the series another name.")
    if len(whole.relative_to(_plain(root)).parts) != _DEPTH or not _is_chat(whole):
        message = f"`convenor run` does not find this file; call it {root.name}/<series>/{whole.stem}.toml."
        yield draft.problem((), message, severity="warning")


def load_series(path: Path) -> tuple[Problem, ...]:
    """What is wrong with a `series.toml` by itself."""
    found = part(read_toml(path), SeriesFile)
    problems = list(found.problems)
    zone = found.values.timezone
    if zone and (wrong := timezones.strange(zone)):
        problems.append(found.document.problem(("timezone",), wrong))
    return sorted_problems(problems)


def find(root: Path) -> list[Path]:
    """The chat files below a folder, by path: `<root>/<series>/<chat>.toml`."""
    return sorted(path for path in root.glob("*/*.toml") if _is_chat(path) and path.is_file())


def _is_chat(path: Path) -> bool:
    """Whether a file is called like a chat's; what begins with a dot is a leftover of some program."""
    return path.suffix == ".toml" and path.name != SERIES and not path.name.startswith(".")


def named(path: Path, root: Path | None = None) -> str:
    """A chat's name: its path below `root` without the ending, which is its folder's name and its own.

    One that is not in the folder of a series, so that it is not hosted, is called after the folder it is in.
    """
    path = _plain(path)
    if root and path.is_relative_to(_plain(root)) and len(path.relative_to(_plain(root)).parts) == _DEPTH:
        path = path.relative_to(_plain(root))
    return path_text(Path(path.parent.name or "chat", path.stem or "chat"))


def _plain(path: Path) -> Path:
    """The whole path without `..`. Links stay, since a container's files often are links."""
    return path.resolve() if ".." in path.parts else path.absolute()


def built(draft: ChatSource, name: str) -> Chat:
    """The chat, whole, with every default filled in. The draft has no errors."""
    values = draft.values
    zone = values.timezone or rules.ZONE
    wall = timezones.joined(values.starts, values.time) if values.starts else None
    starts, _ = timezones.instant(wall, zone) if wall else (None, "")
    if not (values.title and starts):
        raise AssertionError("a chat without a title or a start has passed the rules")
    hosts, hashtag = _people(values.hosts), values.hashtag or ""
    names = [host.name for host in hosts]
    return Chat(
        name=name,
        title=values.title,
        hashtag=hashtag,
        starts=starts,
        length=timetable.length(values),
        timezone=zone,
        questions=_questions(draft, starts),
        hosts=hosts,
        moderators=_people(values.moderators),
        link=values.link,
        places=tuple(values.places or ()),
        welcome=values.welcome or wording.welcome(values.title, names, hashtag, values.link),
        rules=values.rules or wording.rules(hashtag),
        closing=values.closing or wording.closing(hashtag),
        reminders=tuple(sorted(values.reminders or (), reverse=True)),
        lists=values.lists or "most",
        pace=values.pace or "clock",
        **pacing.limits(values),
    )


def _questions(draft: ChatSource, starts: datetime) -> tuple[Question, ...]:
    folder = Path(draft.source("questions").document.file).parent
    asked = zip(draft.values.questions or [], timetable.offsets(draft.values), strict=True)
    return tuple(
        Question(
            key=f"q{number}",
            text=rules.unnumbered(one.text or "", number),
            at=starts + offset,
            image=Image(path=str((folder / one.image).resolve()), alt=one.alt) if one.image and one.alt else None,
            says={place: rules.unnumbered(text, number) for place, text in one.says.items()},
        )
        for number, (one, offset) in enumerate(asked, 1)
    )


def _people(people: list[PersonTable] | None) -> tuple[Host, ...]:
    return tuple(Host(name=one.name or "", handles=one.handles) for one in people or ())
