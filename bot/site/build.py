"""Bringing a site up to date: only chats that changed are made again; those that are published no more are taken away.

What is to be done is decided first. Then all files are listed in the folder's marker before they are written, so that a
crash leaves none behind that nobody knows of; after one the same is done again. Nothing here decides what is published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from bot.messages import Value
from bot.reporting.cpd import sheet_of, sheet_page, writers_of
from bot.reporting.file_set import WriteTo
from bot.reporting.files import NAMES, Report
from bot.reporting.imprint import Imprint
from bot.reporting.record import Record
from bot.site.entries import SHEET, entry_of, path_of
from bot.site.feeds import feeds
from bot.site.folder import KnownChat, SiteFolder, opened
from bot.site.pages import BY_DATE, Site, pages
from bot.translation import _

FILES: Mapping[str, str] = {
    NAMES["html"]: ".html",
    NAMES["markdown"]: ".md",
    NAMES["transcript"]: ".json",
    NAMES["spreadsheet"]: ".csv",
}
"""The files of a report that a site has, with the ends of their names there."""

_EVERY = 25
"""Chats after which is written down what is done: a crash then costs no more than these."""


class PublishedChat(NamedTuple):
    """A chat that belongs on the site.

    `state` differs as soon as anything on its pages would. `published` is when it was. `prepare` makes its report for
    an imprint; it is only called if something changed.
    """

    name: str
    title: str
    state: str
    published: datetime
    prepare: Callable[[Imprint], Report]


class SiteChanges(Value, frozen=True, kw_only=True):
    """The changes to a site: the chats whose pages were written or removed, and how many there are now."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    chats: int = 0


Progress = Callable[[int, int], None]
"""Told after each chat: how many are done, and of how many."""


def build_site(
    folder: Path,
    site: Site,
    chats: Sequence[PublishedChat],
    now: datetime,
    progress: Progress = lambda _done, _all: None,
) -> SiteChanges:
    """Bring the site in a folder up to date. Raises SetupError if it can't be written; what is there stays whole."""
    with opened(folder) as there:
        before = there.manifest.chats
        due = [one for one in chats if not _is_current(there, one)]
        removed = tuple(sorted(before.keys() - {one.name for one in chats}))
        _take_away(there, removed)
        _announce(there, chats, {one.name for one in due})
        for number, chat in enumerate(due, 1):
            _write_chat(there, site, chat, before.get(chat.name), now)
            if number % _EVERY == 0:
                there.save(there.manifest)
            progress(number, len(due))
        _delete_the_rest(there, _write_lists(there, site))
        return SiteChanges(written=tuple(one.name for one in due), removed=removed, chats=len(chats))


def _take_away(there: SiteFolder, names: Iterable[str]) -> None:
    """Delete the pages of chats that are published no more, before anything is written: a full disk must not keep them.

    They stay listed until all is done, so that after a crash they are deleted again.
    """
    for name in names:
        for path in there.manifest.chats[name].files:
            there.delete(path)


def _is_current(there: SiteFolder, chat: PublishedChat) -> bool:
    known = there.manifest.chats.get(chat.name)
    return known is not None and known.state == chat.state and all(map(there.has, known.files))


def _announce(there: SiteFolder, chats: Sequence[PublishedChat], due: set[str]) -> None:
    """List what is there and what will be; chats whose pages are about to change count as unknown until they are."""
    kept = {name: known for name, known in there.manifest.chats.items() if name not in due}
    kept = {name: known for name, known in kept.items() if name in {one.name for one in chats}}
    coming = chain.from_iterable(map(chat_files, due))
    there.save(msgspec.structs.replace(there.manifest, chats=kept, files=_paths(there.manifest.files, coming)))


def chat_files(name: str) -> tuple[str, ...]:
    """The paths of a chat's files."""
    return tuple(path_of(name) + end for end in (*FILES.values(), SHEET))


def _write_chat(there: SiteFolder, site: Site, chat: PublishedChat, before: KnownChat | None, now: datetime) -> None:
    imprint = Imprint(community=site.community, ways=_ways(chat.name), indexed=site.indexed)
    report = chat.prepare(imprint)
    sheet = _sheet(report.record, imprint)
    writers: dict[str, WriteTo] = {end: report.writers[name] for name, end in FILES.items()}
    writers[SHEET] = lambda file: file.write(sheet)
    there.write({path_of(chat.name) + end: write_to for end, write_to in writers.items()})
    entry = entry_of(report.record, report.figures, chat.published)
    if before is not None:  # it was on the site already, so this is a change
        entry = msgspec.structs.replace(entry, updated=max(now, chat.published))
        if entry.first_timers is None and before.entry.first_timers is not None:  # the ids of its accounts are deleted
            entry = msgspec.structs.replace(entry, first_timers=min(before.entry.first_timers, entry.participants))
    known = KnownChat(state=chat.state, files=chat_files(chat.name), entry=entry)
    there.manifest = msgspec.structs.replace(there.manifest, chats={**there.manifest.chats, chat.name: known})


def _sheet(record: Record, imprint: Imprint) -> bytes:
    return sheet_page(sheet_of(record), imprint, writers_of(record)).encode()


def _ways(name: str) -> tuple[tuple[str, str], ...]:
    """The links from a chat's page to the rest of the site."""
    file = quote(path_of(name).rpartition("/")[2])
    return (
        (_("All chats"), "../" * name.count("/") + BY_DATE),
        (_("CPD sheet"), file + SHEET),
        ("Markdown", f"{file}.md"),
        (_("Spreadsheet"), f"{file}.csv"),
        ("JSON", f"{file}.json"),
    )


def _write_lists(there: SiteFolder, site: Site) -> Iterable[str]:
    """Write the pages and feeds that list the chats, if they changed. Returns their paths."""
    entries = [one.entry for one in there.manifest.chats.values()]
    made = feeds(site, entries) | {path: "".join(pieces).encode() for path, pieces in pages(site, entries).items()}
    known = _paths(there.manifest.files, made)
    there.save(msgspec.structs.replace(there.manifest, files=known, indexed=site.indexed))
    there.write_changed(made)
    return made


def _delete_the_rest(there: SiteFolder, lists: Iterable[str]) -> None:
    """Delete every file of ours that is neither a list nor belongs to a chat that is published."""
    kept = _paths(lists, chain.from_iterable(one.files for one in there.manifest.chats.values()))
    for path in sorted(set(there.manifest.files) - set(kept)):
        there.delete(path)
    there.save(msgspec.structs.replace(there.manifest, files=kept))


def _paths(*groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(chain.from_iterable(groups))))
