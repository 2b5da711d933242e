"""All calls to X by name: what each asks tweepy for, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from adapters.kit.payloads import read_in_part
from adapters.x import prices
from adapters.x.calls import Calls
from adapters.x.payloads import HideResult, Response, SentMessage, Tweet, User
from adapters.x.translation import Me
from bot.errors import PlatformError
from bot.messages import Post
from bot.ports.platform import ReadRequest

_POST_FIELDS = (
    "attachments",
    "author_id",
    "conversation_id",
    "created_at",
    "edit_history_tweet_ids",
    "entities",
    "in_reply_to_user_id",
    "note_tweet",
    "referenced_tweets",
)
"""The fields of a post that we ask for. The authors themselves would cost ten times as much as the post."""

_MEDIA_FIELDS = ("alt_text", "media_key", "type")
"""The fields of a picture that we ask for with other people's posts: how it reads to people who can't see it."""

_MESSAGE_FIELDS = ("created_at", "dm_conversation_id", "event_type", "id", "sender_id", "text")
"""The fields of a direct message that we ask for."""

_PAGE = 100
"""The most posts in one response."""

_NOT_TOO_NEW = timedelta(seconds=45)
"""X may take its newest posts from half a minute ago, and refuses to read from a later time on."""


class XClient(Calls):
    """X as one account sees it: each call by its name. Raises PlatformError."""

    async def me(self) -> tuple[Me, Mapping[str, str]]:
        """The account that the keys belong to, and the headers of the response."""
        answer, headers = await self.ask(self._client.get_me(**self._auth))
        user = read_in_part(answer.data, User)
        if user is None:
            raise PlatformError("X does not say whose keys these are.")
        await self.pay("user read", prices.USER_READ, [user.id])
        return Me(id=user.id, handle=user.username), headers

    async def create_post(self, post: Post, pictures: Sequence[str]) -> Tweet:
        """Post it."""
        asking = self._client.create_tweet(
            text=post.text, in_reply_to_tweet_id=post.reply_to, media_ids=list(pictures) or None, **self._auth
        )
        answer, _ = await self.ask(asking, posting=True, call="post")
        made = read_in_part(answer.data, Tweet)
        await self.pay("post", prices.post_price(post.text), [made.id if made else post.nonce], post.chat)
        if made is None:
            raise PlatformError("X took the post, but does not say where it is.", ambiguous=True)
        return made

    async def upload(self, body: Mapping[str, str]) -> str:
        """Upload a picture in the form of the media endpoint, and return its id."""
        asking = self._client.request("POST", "/2/media/upload", params={}, json=body, **self._auth)
        answer, _ = await self.ask(asking)
        id = answer.data.get("id") if isinstance(answer.data, dict) else None
        if not isinstance(id, str):
            raise PlatformError("X took the picture, but does not say where it is.")
        return id

    async def set_alt_text(self, media: str, alt: str, chat: str) -> None:
        """Give a picture its alternative text."""
        body = {"id": media, "metadata": {"alt_text": {"text": alt}}}
        await self.ask(self._client.request("POST", "/2/media/metadata", params={}, json=body, **self._auth))
        await self.pay("media metadata", prices.ALT_TEXT, [media], chat)

    async def hide(self, post: str, *, hidden: bool, chat: str, nonce: str) -> None:
        """Hide a reply, or show it again. Doing it twice changes nothing, so it is never ambiguous."""
        call = self._client.hide_reply if hidden else self._client.unhide_reply
        answer, _ = await self.ask(call(post, **self._auth), call="hide")
        await self.pay("content managed", prices.MANAGED, [nonce], chat)
        done = read_in_part(answer.data, HideResult)
        if done is None or done.hidden is not hidden:
            raise PlatformError("X took the request, but does not say that it was done.")

    async def send_direct_message(self, to: str, post: Post) -> str:
        """Send a direct message, and return its id."""
        asking = self._client.create_direct_message(participant_id=to, text=post.text, **self._auth)
        answer, _ = await self.ask(asking, posting=True, call="message")
        made = read_in_part(answer.data, SentMessage)
        await self.pay("direct message", prices.DIRECT, [made.dm_event_id if made else post.nonce], post.chat)
        if made is None:
            raise PlatformError("X took the message, but does not say where it is.", ambiguous=True)
        return made.dm_event_id

    async def direct_messages(
        self, *, most: int, more: str | None, chat: str | None, among: str | None = None
    ) -> Response:
        """One page of direct messages, newest first; only those with the person `among`, if given.

        X has no way to ask for new ones only: the newest always come, and each is paid for once a day.
        """
        asking = self._client.get_direct_message_events(
            participant_id=among,
            event_types="MessageCreate",
            dm_event_fields=list(_MESSAGE_FIELDS),
            max_results=max(1, min(most, _PAGE)),
            pagination_token=more,
            **self._auth,
        )
        answer, _ = await self.ask(asking, call="message")
        await self.pay("direct message read", prices.DIRECT_READ, _ids(answer.entries), chat)
        return answer

    async def own_posts(self, me: Me, *, since: datetime | None, more: str | None, chat: str) -> Response:
        """One page of the bot's own posts, newest first."""
        asking = self._client.get_users_tweets(
            me.id,
            start_time=self._from(since) if since else None,
            max_results=_PAGE,
            pagination_token=more,
            exclude=["retweets"],
            tweet_fields=list(_POST_FIELDS),
            **self._auth,
        )
        answer, _ = await self.ask(asking)
        await self.pay("own post read", prices.OWN_READ, _ids(answer.entries), chat)
        return answer

    async def mentions(self, me: Me, reading: ReadRequest) -> Response:
        """One page of posts that mention the bot, newest first."""
        page = self._page(reading, least=5)
        answer, _ = await self.ask(
            self._client.get_users_mentions(me.id, pagination_token=reading.more, **page, **self._auth)
        )
        await self.pay("own mention read", prices.OWN_READ, _ids(answer.entries), reading.chat)
        await self._pay_for_media(answer, reading)
        return answer

    async def search(self, query: str, reading: ReadRequest) -> Response:
        """One page of search results, newest first."""
        page = self._page(reading, least=10)
        answer, _ = await self.ask(
            self._client.search_recent_tweets(query, next_token=reading.more, **page, **self._auth)
        )
        await self.pay("post read", prices.POST_READ, _ids(answer.entries), reading.chat)
        await self._pay_for_media(answer, reading)
        return answer

    async def quotes(self, post: str, more: str | None, reading: ReadRequest) -> Response:
        """One page of the posts that quote a post, newest first. X can't be asked for new ones only."""
        page = self._page(reading, least=10)
        del page["start_time"]
        answer, _ = await self.ask(
            self._client.get_quote_tweets(post, pagination_token=more, exclude=["retweets"], **page, **self._auth)
        )
        await self.pay("post read", prices.POST_READ, _ids(answer.entries), reading.chat)
        await self._pay_for_media(answer, reading)
        return answer

    async def users(
        self, chat: str, *, ids: Sequence[str] | None = None, handles: Sequence[str] | None = None
    ) -> Response:
        """Accounts by id, or by handle without its @; the response lists unknown ones as errors."""
        fields = ["public_metrics"] if self._settings.extras.followers else None
        asking = self._client.get_users(ids=ids, usernames=handles, user_fields=fields, **self._auth)
        answer, _ = await self.ask(asking)
        await self.pay("user read", prices.USER_READ, _ids(answer.entries), chat)
        return answer

    async def posts(self, ids: Sequence[str], chat: str, *, whole: bool = False) -> Response:
        """Posts by id, only the ids of their versions or the `whole`; the response lists missing ones as errors."""
        fields = list(_POST_FIELDS) if whole else ["edit_history_tweet_ids"]
        asking = self._client.get_tweets(list(ids), tweet_fields=fields, **self._auth)
        answer, _ = await self.ask(asking)
        await self.pay("post read", prices.POST_READ, _ids(answer.entries), chat)
        return answer

    def _page(self, reading: ReadRequest, *, least: int) -> dict[str, Any]:
        fields = [*_POST_FIELDS, "public_metrics"] if self._settings.extras.views else list(_POST_FIELDS)
        most = max(least, min(reading.limit, _PAGE))
        return {
            "start_time": self._from(reading.since),
            "max_results": most,
            "tweet_fields": fields,
            "expansions": ["attachments.media_keys"],
            "media_fields": list(_MEDIA_FIELDS),
        }

    def _from(self, since: datetime) -> datetime:
        """A `start_time`: X wants whole seconds, and none that is too close to now."""
        return min(since, self._clock.now() - _NOT_TOO_NEW).replace(microsecond=0)

    async def _pay_for_media(self, answer: Response, reading: ReadRequest) -> None:
        keys = [one.media_key for one in answer.includes.media]
        await self.pay("media read", prices.MEDIA_READ, keys, reading.chat)


def _ids(entries: Iterable[object]) -> list[str]:
    """The ids that X charges for: all that it sent, whether we can read the rest or not."""
    return [one["id"] for one in entries if isinstance(one, dict) and isinstance(one.get("id"), str)]
