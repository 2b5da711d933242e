"""Values that events and posts share: instants, names, accounts, roles, and what every event has."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec

Time = Annotated[datetime, msgspec.Meta(tz=True)]
"""An instant. In the log it is written with `Z`; any offset is read."""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
"""A place, or an identifier given by a platform."""

Followers = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
"""The number of followers of an account."""


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """A frozen, keyword-only value."""


class Event(Value, frozen=True, kw_only=True, tag_field="type", tag=str.lower, gc=False):
    """An event on a place at an instant. `identity` makes hearing it twice harmless."""

    place: Name
    at: Time

    @property
    def identity(self) -> str:
        """Unique among the events of this type on this place."""
        return self.at.astimezone(UTC).isoformat()


_CATEGORIES_OF_NOTHING = ("Cc", "Cf", "Zs", "Zl", "Zp")
_SHOW_NOTHING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that show as nothing. Their category does not say so."""


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: it is empty, or has only spaces and invisible characters."""
    return not "!" <= text[:1] <= "~" and all(_shows_nothing(one) for one in text)


def _shows_nothing(one: str) -> bool:
    is_selector = "\ufe00" <= one <= "\ufe0f"
    return is_selector or one in _SHOW_NOTHING or unicodedata.category(one) in _CATEGORIES_OF_NOTHING


class Author(Value, frozen=True, kw_only=True, gc=False):
    """An account on one place. `id` never changes, `handle` and `name` may; `followers` where there are any."""

    id: Name
    handle: str = ""
    name: str = ""
    followers: Followers | None = None

    @property
    def shown(self) -> str:
        """The name that readers see: the handle if there is one, else the name, else the id."""
        return self.handle or self.name or self.id


MediaKind = Literal["picture", "video", "audio", "voice", "sticker", "poll", "forward", "file"]
"""A kind of thing that a message may have beside its words."""


class Media(Value, frozen=True, kw_only=True):
    """A thing that a message has beside its words. `text` is its alternative text or description, if it has one."""

    kind: MediaKind
    text: str = ""


Operation = Literal["open", "hear", "read", "send"]
"""A kind of call to a platform, of which the bot notes whether it works on a place."""

Role = Literal["participant", "moderator", "host", "admin"]
"""A person's role in a chat. Each role may do everything that those before it may."""
