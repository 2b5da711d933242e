"""The publication of a chat: whether its record is public, since when, or when it will be. Pure.

    draft ──▶ waiting ──▶ published
      └─────────┴────────────┴──▶ withheld

A chat is a `draft` until it ends. Then it is `waiting`, as a second chance: people may take themselves or a post out,
and the host may correct it. It is due when the wait is over and the room has shut, or when its host said. Only then
does the running bot (`bot/wiring/publisher.py`) make it `published`. It is `withheld` if the host said so, if its file
says that nothing is published, or if it was called off before anything was asked.

Everything that shows records to the public (a site, a feed, a blog, the files of the settings' folder) shows those that
are `published`, and no others. The room's own page of a chat shows the conversation as it is held. Once its
record is withheld, or published without everybody's name, the chat is concealed: in the room, too, only those who lead
it read what was said, and nobody answers late.
What follows the platforms afterwards counts from `since`. What is stored is a `PublicationChoice`, in the chat's state
(`bot.store.chats.ChatState.publication`); all else follows from it, the chat and the time. Times are in UTC. Nothing is
read, written or posted here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from bot.chat import Chat
from bot.messages import Time, Value

USUAL_WAIT = timedelta(hours=48)
"""How long after its end a chat is published, unless its file or the settings say otherwise."""

LONGEST_WAIT = timedelta(days=90)
"""The longest wait: a record that nobody misses is not waited for."""

Phase = Literal["draft", "waiting", "published", "withheld"]


class PublicationChoice(Value, frozen=True, kw_only=True):
    """A decision about a chat's publication, as it is stored.

    `due` is when its host wants it published, if not after the usual wait; `published_at` when it was. `withheld`: its
    host does not want it published, or not any more.
    """

    due: Time | None = None
    published_at: Time | None = None
    withheld: bool = False


class Publication(Value, frozen=True, kw_only=True):
    """The publication as it stands. `due` is when it is to be published; None if it was, or will not be.

    `since` is when it was published. `moved`: its host chose another time than the usual one.
    """

    phase: Phase
    due: Time | None = None
    since: Time | None = None
    moved: bool = False

    @property
    def is_public(self) -> bool:
        """Whether everybody may see the record."""
        return self.phase == "published"

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be published now."""
        return self.phase == "waiting" and self.due is not None and self.due <= now


def publication(
    chat: Chat,
    choice: PublicationChoice,
    *,
    now: datetime,
    ends: datetime,
    shuts: datetime,
    asked: bool,
    usual_wait: timedelta = USUAL_WAIT,
) -> Publication:
    """The publication of a chat that ends at `ends` and takes posts in the room until `shuts`.

    `asked`: it took place, at least in part. `usual_wait` is what the settings say.
    """
    over = now >= ends
    if choice.withheld or chat.publish == "nobody" or (over and not asked):
        return Publication(phase="withheld")
    if choice.published_at is not None:
        return Publication(phase="published", since=choice.published_at)
    wait = usual_wait if chat.draft is None else chat.draft
    due = choice.due or max(ends + wait, shuts)
    return Publication(phase="waiting" if over else "draft", due=due, moved=choice.due is not None)


def is_concealed(chat: Chat, choice: PublicationChoice, *, now: datetime, ends: datetime, shuts: datetime) -> bool:
    """Whether what was said in a chat is for those who lead it alone: at once if its host says so after its end.

    If its file says that nothing is published, the late answers are waited for, until the room shuts. Where not
    everybody is named in the record, people look at the conversation until that is published, and object; from then on
    its names would tell whose the words in the record are, also while the room is still open.
    """
    if choice.withheld:
        return now >= ends
    is_told_otherwise = chat.publish in {"pseudonyms", "consented"} and choice.published_at is not None
    return is_told_otherwise or (chat.publish == "nobody" and now >= shuts)


def postponed(found: Publication, by: timedelta, now: datetime) -> datetime:
    """When a chat is due that is to wait longer by this: from when it would be due, or from now if that has passed."""
    return min(max(found.due or now, now) + by, now + LONGEST_WAIT)
