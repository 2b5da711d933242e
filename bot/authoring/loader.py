"""Chat files: read into a Chat or into problems with line numbers.

A chat file is joined with the `series.toml` beside it. Uses neither the network nor the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import msgspec

from bot.authoring import timezones, value_problems
from bot.authoring.chat_builder import build_chat
from bot.authoring.chat_folder import SERIES, is_chat_file
from bot.authoring.chatfile import ChatFile, SeriesFile
from bot.authoring.series_dates import date_problems
from bot.authoring.sessions import session_problems, session_sources
from bot.authoring.source import ChatSource, SourceFile, validate_file
from bot.authoring.writing_advice import READING_GRADE
from bot.chat import Chat
from bot.errors import Problem
from bot.messages import Value
from bot.ports.chat_files import RESERVED
from bot.ports.chat_files import ChatFile as KeptFile
from bot.toml.document import parse_bytes, path_text, read_toml
from bot.toml.positions import KeyPath
from bot.toml.validation import sorted_problems
from bot.translation import LazyText, lazy

_NOT_IN_ADDRESSES = frozenset("?#%\\")
"""Characters that would end or change the address of a chat's page, which contains its name."""

_NOTHING = LazyText(str)

_DEPTH = 2
"""Parts of a chat file's path below the root: the folder of its series, and its name."""


class Loaded(Value, frozen=True, kw_only=True):
    """The result of reading a chat file. `chat` is None if any problem is an error.

    `ignored` are names of advice that is not wanted, and `reading` is the grade above which a question is hard to read.
    `further` are the other sessions, if the file has several; what is wrong with them is among the problems here.
    """

    chat: Chat | None
    problems: tuple[Problem, ...] = ()
    ignored: frozenset[str] = frozenset()
    reading: int = READING_GRADE
    source: ChatSource | None = None
    further: tuple[Loaded, ...] = ()

    @property
    def sessions(self) -> tuple[Loaded, ...]:
        """All sessions, this one first."""
        return self, *self.further

    @property
    def chats(self) -> tuple[Chat, ...]:
        """The chats of all sessions; none if the file has mistakes."""
        return tuple(one.chat for one in self.sessions if one.chat)

    @property
    def positions(self) -> Mapping[str, tuple[str, int, int]]:
        """The file, line and column of `starts` and `hashtag`, and of each text of the chat by the key of its slot.

        They are worked out on demand: hosting needs none.
        """
        return _text_positions(self.source) if self.source else {}


def load(
    path: Path,
    *,
    now: datetime | None = None,
    places: Mapping[str, str] | None = None,
    root: Path | None = None,
) -> Loaded:
    """Read a chat file.

    `places` are the configured places with their platforms; None if they are unknown. With `now`, a start far ahead
    or a chat that is over gets a warning. `root` is the folder of all series, from which the chat gets its name.
    """
    source = ChatSource(chat=validate_file(read_toml(path), ChatFile), series=_series_beside(path))
    return _loaded(source, chat_name(path, root), _path_problems(source, path, root), now=now, places=places)


def load_file(
    file: KeptFile,
    series: KeptFile | None,
    *,
    now: datetime | None = None,
    places: Mapping[str, str] | None = None,
) -> Loaded:
    """Read a chat file from a folder or the store, with that of its series. `now` and `places` are as in `load`."""
    shared = _read_series(series.where, series.raw) if series else None
    own = validate_file(parse_bytes(file.raw, file.where), ChatFile)
    source = ChatSource(chat=own, series=shared, pictures=file.pictures)
    folder, _, name = file.name.rpartition("/")
    return _loaded(source, file.name, _name_problems(source, name, folder), now=now, places=places)


def _loaded(
    source: ChatSource,
    name: str,
    of_name: Iterable[Problem],
    *,
    now: datetime | None,
    places: Mapping[str, str] | None,
) -> Loaded:
    document, series = source.chat.document, source.series
    problems = [*source.problems, *of_name]
    sources = session_sources(source)
    if not document.unreadable and not (series and series.document.unreadable):
        problems += session_problems(source)
        problems += dict.fromkeys(
            one for each in sources for one in value_problems.all_problems(each, places or {}, now)
        )
    failed = any(problem.severity == "error" for problem in problems)
    if failed:
        return Loaded(chat=None, problems=sorted_problems(problems))
    ignored, reading = frozenset(source.values.ignore or ()), source.values.reading or READING_GRADE
    first, *further = (
        Loaded(chat=build_chat(each, name, len(sources)), ignored=ignored, reading=reading, source=each)
        for each in sources
    )
    return msgspec.structs.replace(first, problems=sorted_problems(problems), further=tuple(further))


def _series_beside(path: Path) -> SourceFile[SeriesFile] | None:
    beside = path.parent / SERIES
    return validate_file(read_toml(beside), SeriesFile) if beside.is_file() else None


@lru_cache(maxsize=32)
def _read_series(where: str, raw: bytes) -> SourceFile[SeriesFile]:
    """The file of a series: thousands of chats may share one."""
    return validate_file(parse_bytes(raw, where), SeriesFile)


def _text_positions(source: ChatSource) -> dict[str, tuple[str, int, int]]:
    """The file, line and column of the start, of the hashtag and of each text."""
    keys = ("starts", "hashtag", "announcement", "welcome", "rules", "closing")
    paths: dict[str, KeyPath] = {key: (key,) for key in keys}
    asked = len(source.values.questions or ())
    paths |= {f"q{number}": ("questions", number - 1, "text") for number in range(1, asked + 1)}
    found = {key: source.problem(path, _NOTHING) for key, path in paths.items()}
    return {key: (one.file, one.line, one.column) for key, one in found.items()}


def _path_problems(source: ChatSource, path: Path, root: Path | None) -> Iterator[Problem]:
    """Problems with a file's path below the root: `convenor run` may not find it."""
    whole = _absolute(path)
    if source.chat.document.unreadable or not root or not whole.is_relative_to(_absolute(root)):
        return
    yield from _name_problems(source, whole.stem, whole.parent.name)
    if len(whole.relative_to(_absolute(root)).parts) != _DEPTH or not is_chat_file(whole):
        better = f"{root.name}/<series>/{whole.stem}.toml"
        message = lazy("`convenor run` does not find this file; call it {name}.", name=better)
        yield source.problem((), message, severity="warning")


def _name_problems(source: ChatSource, name: str, folder: str) -> Iterator[Problem]:
    """Problems with the name of a file or of its folder, which are parts of an address."""
    if source.chat.document.unreadable:
        return
    if forbidden := sorted({one for one in name + folder if one in _NOT_IN_ADDRESSES}):
        message = lazy(
            "the name of this file or of its folder has a '{character}', which breaks the address of the chat's page; "
            "take it out.",
            character=forbidden[0],
        )
        yield source.problem((), message)
    if folder in RESERVED:
        message = lazy(
            "the folder of this file is called '{folder}', which the room needs for addresses of its own; give the "
            "series another name.",
            folder=folder,
        )
        yield source.problem((), message)


def load_series(path: Path) -> tuple[Problem, ...]:
    """The problems of a `series.toml` on its own."""
    return _series_problems(validate_file(read_toml(path), SeriesFile))


def load_series_file(file: KeptFile) -> tuple[Problem, ...]:
    """The problems of a `series.toml` from a folder or the store."""
    return _series_problems(_read_series(file.where, file.raw))


def _series_problems(found: SourceFile[SeriesFile]) -> tuple[Problem, ...]:
    problems = list(found.problems)
    zone = found.values.timezone
    if zone and (mistake := timezones.timezone_mistake(zone)):
        problems.append(found.document.problem(("timezone",), mistake))
    problems += date_problems(found.document, found.values)
    problems += value_problems.wording_of_series(found)
    problems += value_problems.id_of_series(found.document)
    return sorted_problems(problems)


def chat_name(path: Path, root: Path | None = None) -> str:
    """A chat's name: its path below `root` without the ending, as in `otalk/aac`.

    A file outside the folder of a series, which is never hosted, is named after the folder it is in.
    """
    path = _absolute(path)
    if root and path.is_relative_to(_absolute(root)) and len(path.relative_to(_absolute(root)).parts) == _DEPTH:
        path = path.relative_to(_absolute(root))
    return path_text(Path(path.parent.name or "chat", path.stem or "chat"))


def _absolute(path: Path) -> Path:
    """The absolute path without `..`. Symbolic links stay: a container's files often are links."""
    return path.resolve() if ".." in path.parts else path.absolute()
