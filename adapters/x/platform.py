"""X as a Platform: posts, finds its own posts, and reads other people's.

It interprets X's responses. It does not retry, schedule or store; the core decides when to read, and for how much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from adapters.kit.lost_answers import earliest, find_own, pages_by_token
from adapters.kit.payloads import read_in_part
from adapters.kit.routing import RoutedPlatform
from adapters.x import deletions, direct_messages, posting
from adapters.x.client import XClient
from adapters.x.diagnostics import diagnose
from adapters.x.errors import DuplicateError
from adapters.x.matching import same_post, same_text
from adapters.x.payloads import Response, Tweet, first_time, valid_handles, valid_ids
from adapters.x.searches import SearchReader
from adapters.x.settings import XSettings, traits_of
from adapters.x.translation import Me, to_author
from adapters.x.usage import count_reads
from bot.errors import PlatformError
from bot.messages import Author, PlatformAction, Post, Receipt
from bot.ports.inbound import AdapterContext
from bot.ports.platform import CurrentMessages, Diagnosis, Page, ReadCount, ReadRequest, Traits

_PAGES = 32
"""X shows an account's last 3200 posts, a hundred in a page."""

_MOST_HANDLES = 100
"""Handles in one lookup."""


class X(RoutedPlatform):
    """One account, under the name `place`. Implements `bot.ports.platform.Platform`."""

    def __init__(self, context: AdapterContext, settings: XSettings) -> None:
        self._place, self._clock, self._listener = context.place, context.clock, context.listener
        self._settings = settings
        self._traits = traits_of(settings)
        self._client: XClient | None = None
        self._me: Me | None = None
        self._reader = SearchReader(settings, context.clock, context.place)

    @property
    def traits(self) -> Traits:
        """X costs money, has to be polled, and refuses a text that it has had."""
        return self._traits

    async def open(self) -> None:
        """Look up our own account. Raises PlatformError, `lost` if the keys are missing or not accepted."""
        await self.close()
        client = self._client = XClient(self._settings, self._clock, self._listener, self._place)
        try:
            self._me, _ = await client.me()
        except BaseException:
            await client.close()
            raise
        self._listener.up(self._me.id)

    async def send_message(self, post: Post) -> Receipt:
        """Post it. If X says that it has the text already, the post is looked for: it may be this very one."""
        client, me = self._ready()
        try:
            made, missing = await posting.create(client, post, self._clock.now(), self._settings.network.timeout)
        except DuplicateError as refused:
            return await self._said_before(post, refused)
        if missing:
            self._listener.concern(f"picture-{post.key}", f"{post.key.upper()}: {missing}", post.chat)
        return _receipt(made, me, self._clock.now())

    async def find_message(self, post: Post) -> Receipt | None:
        """Look for it among our own posts since it was due. Raises PlatformError if X does not let us look."""
        return await self._look(post, since=earliest(post), like=same_post, pages=_PAGES)

    async def send_private(self, post: Post, person: str) -> Receipt:
        """Answer a person who wrote to us. Raises PlatformError; `ambiguous` where the answer may be there."""
        client, _ = self._ready()
        if not self._settings.extras.direct or not valid_ids([person]):
            raise PlatformError("Direct messages on X are switched off, or this is nobody there.", permanent=True)
        return await direct_messages.send(client, post, person, self._clock.now())

    async def find_private(self, post: Post, person: str) -> Receipt | None:
        """Look for it among the last direct messages with that person. Raises PlatformError."""
        return await direct_messages.find(*self._ready(), post, person, self._clock.now())

    async def edit_message(self, post: Post, id: str) -> Receipt:
        """Refuse: X changes no posts for programs. Raises PlatformError."""
        del post, id
        self._ready()
        raise PlatformError("X lets no program change a post.", permanent=True)

    async def take_action(self, post: Post, action: PlatformAction) -> Receipt:
        """Hide a reply, or show it again. X can do nothing else to others. Raises PlatformError."""
        client, _ = self._ready()
        message = next(iter(valid_ids([action.message or ""])), None)
        if action.kind not in self._traits.features.actions or message is None:
            raise PlatformError("X cannot do this to others.", permanent=True)
        await client.hide(message, hidden=action.kind == "hide", chat=post.chat, nonce=post.nonce)
        return Receipt(id=message, url=f"https://x.com/i/status/{message}", at=self._clock.now())

    async def read(self, reading: ReadRequest) -> Page:
        """One page of mentions, of direct messages, of a search for the hashtag, or of quotes; newest first.

        A direct message is a `Command` and nothing else. Raises PlatformError.
        """
        client, me = self._ready()
        if reading.source == "messages":
            return await direct_messages.page(client, me, reading, self._place, self._clock.now())
        return await self._reader.page(client, me, reading)

    async def find_names(self, ids: Sequence[str], chat: str) -> tuple[Author, ...]:
        """Look up names by account id. Raises PlatformError."""
        client, _ = self._ready()
        known = valid_ids(ids)
        answer = await client.users(chat, ids=known) if known else Response()
        return tuple(author for payload in answer.entries if (author := to_author(payload)))

    async def find_handles(self, handles: Sequence[str], chat: str) -> tuple[Author, ...]:
        """Look up accounts by handle; impossible handles are left out. Raises PlatformError."""
        client, _ = self._ready()
        sought = valid_handles(handles)[:_MOST_HANDLES]
        answer = await client.users(chat, handles=sought) if sought else Response()
        return tuple(author for payload in answer.entries if (author := to_author(payload)))

    async def find_deleted(self, ids: Sequence[str], chat: str) -> tuple[str, ...]:
        """Find posts that are gone, or that no longer say what had let them in. Raises PlatformError."""
        client, me = self._ready()
        return await deletions.find_deleted(client, me, ids, chat=chat, hashtag=self._reader.hashtags.get(chat, ""))

    async def find_current(self, ids: Sequence[str], chat: str) -> CurrentMessages:
        """Look what became of posts: X says which are gone, and which it doesn't show. Raises PlatformError."""
        client, me = self._ready()
        tag, now = self._reader.hashtags.get(chat, ""), self._clock.now()
        return await deletions.find_current(client, me, ids, place=self._place, chat=chat, hashtag=tag, now=now)

    async def diagnose(self) -> tuple[Diagnosis, ...]:
        """Check access, account and permission to post; never raises."""
        return await diagnose(self._settings, self._clock, self._listener)

    async def count_reads(self, days: int) -> ReadCount:
        """X's own count of the posts that its project read. Raises PlatformError where X does not say."""
        return await count_reads(self._settings, self._clock, days)

    async def close(self) -> None:
        """Break off the calls under way. May be called twice, and before `open`."""
        client, self._client, self._me = self._client, None, None
        if client:
            await client.close()

    def _ready(self) -> tuple[XClient, Me]:
        if self._client is None or self._me is None:
            raise PlatformError("X is not connected.")
        return self._client, self._me

    async def _said_before(self, post: Post, refused: DuplicateError) -> Receipt:
        """X has this text already: this very post, an older one, or one that it does not show yet."""
        hidden = PlatformError("X says that it has this text already, but does not show it yet.", ambiguous=True)
        try:
            found = await self.find_message(post)
            older = None if found else await self._look(post, since=None, like=same_text, pages=1)
        except PlatformError as error:
            raise hidden from error
        if found:
            return found
        if older is None:
            raise hidden from refused
        raise PlatformError(
            f"X has had exactly this text on {older.at:%d %B %Y}, and takes a text only once. Change the wording.",
            permanent=True,
        ) from refused

    async def _look(
        self, post: Post, *, since: datetime | None, like: Callable[[Tweet, Post], bool], pages: int
    ) -> Receipt | None:
        client, me = self._ready()

        async def read(more: str | None) -> tuple[list[Tweet], str | None]:
            answer = await client.own_posts(me, since=since, more=more, chat=post.chat)
            tweets = [tweet for payload in answer.entries if (tweet := read_in_part(payload, Tweet))]
            return tweets, answer.meta.next_token

        found = await find_own(pages_by_token(read, pages), lambda tweet: like(tweet, post))
        return _receipt(found, me, self._clock.now()) if found else None


def _receipt(tweet: Tweet, me: Me, now: datetime) -> Receipt:
    url = f"https://x.com/{me.handle}/status/{tweet.first}"
    return Receipt(id=tweet.first, url=url, at=first_time(tweet, now))
