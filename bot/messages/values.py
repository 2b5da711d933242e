"""What both directions are made of: instants, names, accounts, roles. Frozen values."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

Time = Annotated[datetime, msgspec.Meta(tz=True)]
"""An instant. In the log it is written with `Z`; any offset is read."""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
"""A place, or an identifier given by a platform."""

Followers = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
"""How many accounts follow one."""


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """A frozen, keyword-only value."""


class Author(Value, frozen=True, kw_only=True):
    """An account on one place. `id` never changes, `handle` and `name` may; `followers` where there are any."""

    id: Name
    handle: str = ""
    name: str = ""
    followers: Followers | None = None

    @property
    def shown(self) -> str:
        """What a reader calls this person: the handle where there is one, else the name, else the id."""
        return self.handle or self.name or self.id


Operation = Literal["open", "hear", "read", "send"]
"""A kind of call to a platform, of which the bot notes whether it works on a place."""

Role = Literal["participant", "moderator", "host", "admin"]
"""Who somebody is in a chat. Each may do what those before it may."""
