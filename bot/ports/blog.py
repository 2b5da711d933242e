"""The blog: where the record of a chat is put as a draft, for a person to publish. Values and a protocol only."""

from __future__ import annotations

from typing import Protocol

from bot.messages import Value
from bot.ports.platform import Diagnosis


class BlogDraft(Value, frozen=True, kw_only=True):
    """A draft to be made. `slug` is made from the chat's name and no other draft of ours has it; `body` is HTML."""

    slug: str
    title: str
    body: str


class BlogPost(Value, frozen=True, kw_only=True):
    """A post of the blog. `url` is where a person edits it, `body` as it was last saved there."""

    id: str
    url: str
    body: str
    in_trash: bool = False


class Blog(Protocol):
    """A blog. Each call is made once, and raises PlatformError, which says whether it may have been carried out."""

    async def find(self, slug: str) -> BlogPost | None:
        """The post with this slug, whatever its state; None if there is none."""

    async def read(self, id: str) -> BlogPost | None:
        """One post; None if it was deleted for good."""

    async def create(self, draft: BlogDraft) -> BlogPost:
        """Make a draft. It isn't published, and a second call makes a second one."""

    async def update(self, id: str, body: str) -> BlogPost:
        """Replace a post's body. Its state, title and address stay."""

    async def diagnose(self) -> tuple[Diagnosis, ...]:
        """Whether it can be reached and the account may write there. Writes nothing."""

    async def close(self) -> None:
        """End its connections."""
