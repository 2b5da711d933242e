"""Outputs of chats outside the store: one way to write them, and to write them again without a person."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bot.chat import Chat
from bot.erasure.eraser import Outside, Rewritten
from bot.erasure.log_files import log_files
from bot.errors import ConvenorError
from bot.messages import AnyEvent, event_log
from bot.publication import publication
from bot.reporting.draft_note import draft_note
from bot.reporting.files import NAMES, LastPrepared, Prepare, WrittenFiles, prepare_anew, write_prepared
from bot.reporting.imprint import Imprint
from bot.reporting.series import series_of
from bot.settings.settings import Settings
from bot.site.build import build_site
from bot.site.folder import is_site
from bot.status import find_chat
from bot.store import blog_posts, chats, moderation_queue
from bot.store.database import Database
from bot.store.outputs import Output, OutputKind, drop_output, known_outputs
from bot.store.picture_files import PictureFiles
from bot.transfer import export_events, keyed_events, published_events, write_state
from bot.wiring.community import community
from bot.wiring.published_chats import kept_site, known_before, published_chats
from bot.wiring.series_report import PAGE, write_series

_OF_PEOPLES_OWN: tuple[OutputKind, ...] = ("imported log", "replay", "report")


def write_report(
    settings: Settings, database: Database, chat: Chat, out: Path, now: datetime, prepare: Prepare = prepare_anew
) -> WrittenFiles:
    """Write a chat's transcript and all that belongs to it into a folder. Raises SetupError if that can't be done."""
    imprint = Imprint(community=community(settings), draft=draft_of(settings, database, chat, now))
    known = known_before(database, chat)
    pictures = PictureFiles(database)
    return write_prepared(out, prepare(pictures.of_chat(chat), published_events(database, chat), imprint, known))


def draft_of(settings: Settings, database: Database, chat: Chat, now: datetime) -> str:
    """Why a report is a draft; empty if the chat is published."""
    stored = database.read_sync(chats.find, chat.name)
    if stored is None:
        return ""
    shuts = stored.ends + settings.hosting.open_after
    found = publication(
        chat,
        stored.state.publication,
        now=now,
        ends=stored.ends,
        shuts=shuts,
        asked=True,
        usual_wait=settings.publication.draft,
    )
    held = len(database.read_sync(moderation_queue.queue_entries, chat.name))
    return draft_note(found, now=now, zone=chat.timezone, shuts=shuts, held=held)


def outside(settings: Settings, database: Database, now: Callable[[], datetime]) -> Outside:
    """The traces of this store's chats outside of it. `now` reads the clock when something is written again."""
    return Outside(
        rewrite=lambda changed: rewrite(settings, database, changed, now()),
        log_files=lambda: log_files(settings.log.file),
        naming=lambda words: _naming(settings, database, words),
    )


def rewrite(settings: Settings, database: Database, changed: Collection[str], now: datetime) -> Rewritten:
    """Write what was written of these chats again. What is not there any more is forgotten.

    Raises ConvenorError if something can't be written: it is to be done again, as nothing may be left out.
    """
    folders, backups, prepared = list[str](), list[str](), LastPrepared()
    for output in database.read_sync(known_outputs):
        if not output.path.exists():
            database.write_sync(drop_output, output.path, output.kind)
        elif output.kind == "backup":
            backups.append(str(output.path))
        elif output.kind in {"imported log", "replay"}:
            continue  # what somebody's own log says is not ours to change
        elif not output.chat or output.chat in {*changed, *map(series_of, changed)}:
            _write_again(settings, database, output, now, prepared.prepare)
            folders.append(str(output.path))
    return Rewritten(folders=tuple(folders), backups=tuple(backups), left=tuple(_on_the_blog(database, changed)))


def _on_the_blog(database: Database, changed: Collection[str]) -> Iterator[str]:
    """The posts of these chats on a blog. A running bot changes them; a blog keeps what they were before."""
    for chat, post in database.read_sync(blog_posts.all_posts).items():
        if chat in changed and post.post:
            yield f"the older revisions of post {post.post} on the blog ({chat})"


def _write_again(settings: Settings, database: Database, output: Output, now: datetime, prepare: Prepare) -> None:
    if output.kind == "report" and (output.path / "transcript.html").exists():
        write_report(settings, database, find_chat(database, output.chat), output.path, now, prepare)
    elif output.kind == "series" and (output.path / PAGE).exists():
        write_series(settings, database, output.chat, output.path, now)
    elif output.kind == "site" and is_site(output.path):
        site = kept_site(database, settings)
        build_site(output.path, site, published_chats(database, site, now, prepare), now)
    elif output.kind == "state":
        write_state(database, find_chat(database, output.chat), output.path)
    elif output.kind in {"export", "full export"}:
        chat, full = find_chat(database, output.chat), output.kind == "full export"
        events = export_events(database, chat) if full else keyed_events(database, chat)
        _export_again(events, output.path)


def _export_again(events: Iterable[AnyEvent], path: Path) -> None:
    draft = path.with_name(f".{path.name}.unfinished")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            event_log.write(events, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise ConvenorError(f"{path} cannot be written again: {error.strerror}. Make room, or delete it.") from error
    finally:
        draft.unlink(missing_ok=True)


def _naming(settings: Settings, database: Database, words: Collection[str]) -> tuple[str, ...]:
    """The chat files and imported logs with one of these words, and what was made of such a log by `replay`.

    People wrote them, so people change them.
    """
    if not words:
        return ()
    known = {kind: {one.path for one in database.read_sync(known_outputs, kind)} for kind in _OF_PEOPLES_OWN}
    logs, ours = known["imported log"], known["report"]  # what is ours is written again
    made = [path / name for path in known["replay"] - ours for name in NAMES.values()]
    wanted, found = [one.casefold() for one in words], list[str]()
    for file in sorted({*settings.schedules.rglob("*.toml"), *logs, *made}):
        with suppress(OSError):
            text = file.read_text("utf-8", "replace").casefold()
            if any(one in text for one in wanted):
                found.append(str(file))
    return tuple(found)
