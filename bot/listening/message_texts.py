"""How the messages of a batch read: the text that is stored, judged and shown. The raw events keep the original."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection

from bot.live.consent import Request, privacy_requests
from bot.live.live_chats import LiveChats
from bot.messages import AnyEvent, Author, Edited, Media, Message, is_blank
from bot.readable import Directory, author_name, readable_text, unnamed_accounts
from bot.store import messages, people
from bot.store.message_rows import Ident, MessageRow
from bot.translation import language, speaking

_SAID = (Message, Edited)


class MessageTexts:
    """The texts of one batch. `requests` are those that new messages make of the bot, by the text they came with.

    `authors` are people that are mentioned by their id alone; those in `left_out` are not named. `media` is what
    messages have beside words whose edits don't say, and whether an earlier edit said so. `rows` are the stored
    messages that the batch is about. `edits_follow`: some edits in the batch don't say what media there are.
    """

    def __init__(
        self,
        live_chats: LiveChats,
        *,
        authors: Mapping[Ident, Author],
        left_out: Collection[Ident],
        media: Mapping[Ident, tuple[tuple[Media, ...], bool]],
        rows: Mapping[Ident, MessageRow],
        requests: Mapping[str, Request],
        edits_follow: bool,
    ) -> None:
        self.requests = requests
        self._live_chats, self._authors, self._left_out, self._rows = live_chats, authors, left_out, rows
        self._media = dict(media)
        self._edits_follow = edits_follow
        self._directories: dict[str, Directory] = {}

    def of_message(self, event: Message, chat: str | None) -> str:
        """A new message."""
        if self._edits_follow:
            self._media.setdefault((event.place, event.id), (event.media, False))
        return self._read(event, event.media, chat, event.url)

    def of_edit(self, event: Edited, row: MessageRow) -> str:
        """An edited message; empty if its author left nothing of it."""
        ident = (event.place, event.id)
        if event.media is not None:
            self._media[ident] = (event.media, True)
        media, by_edit = self._media.get(ident, ((), False))
        if by_edit and not media and is_blank(event.text):
            return ""
        return self._read(event, media, row.chat, row.url)

    def _read(self, event: Message | Edited, media: tuple[Media, ...], chat: str | None, url: str | None) -> str:
        live = self._live_chats.by_name.get(chat or "")
        spoken = live.chat.language if live else ""
        if spoken and spoken != language():
            with speaking(spoken):
                return self._read(event, media, chat, url)
        return readable_text(
            event.text,
            media,
            place=event.place,
            url=url,
            zone=live.chat.timezone if live else "UTC",
            names=event.names,
            directory=self._directories.get(event.place) or self._directory(event.place),
        )

    def _directory(self, place: str) -> Directory:
        def account(id: str) -> str | None:
            known = self._authors.get((place, id))
            return author_name(known) if known and (place, id) not in self._left_out else None

        def post(id: str) -> str | None:
            row = self._rows.get((place, id))
            here = row is not None and row.author is not None and not row.gone
            return author_name(row.author) if row and row.author and here else None

        self._directories[place] = known = Directory(account=account, post=post)
        return known


def read_texts(
    connection: Connection,
    events: Collection[AnyEvent],
    live_chats: LiveChats,
    *,
    left_out: Collection[Ident],
    rows: Mapping[Ident, MessageRow],
) -> MessageTexts:
    """The texts of a batch, with what the store knows of the people and messages that it is about."""
    edits = {(one.place, one.id) for one in events if isinstance(one, Edited) and one.media is None}
    mentioning = (one for one in events if isinstance(one, _SAID) and "<@" in one.text)
    unnamed = {(one.place, id) for one in mentioning for id in _unnamed(one, rows)}
    return MessageTexts(
        live_chats,
        authors=people.latest_authors(connection, unnamed),
        left_out=left_out,
        media=messages.media_of(connection, [ident for ident in edits if ident in rows]),
        rows=rows,
        requests=privacy_requests(one.text for one in events if isinstance(one, Message)),
        edits_follow=bool(edits),
    )


def _unnamed(event: Message | Edited, rows: Mapping[Ident, MessageRow]) -> tuple[str, ...]:
    row = rows.get((event.place, event.id))
    url = event.url if isinstance(event, Message) else row.url if row else None
    return unnamed_accounts(event.text, place=event.place, url=url, names=event.names)
