"""How the pretend X shows its posts and users: only the fields asked for, and what was asked to be expanded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from tests.sims import x_text
from tests.sims.x_params import wanted
from tests.sims.x_store import Media, Post, User, World

_NEEDS = {
    "author_id": "author_id",
    "in_reply_to_user_id": "in_reply_to_user_id",
    "entities.mentions.username": "entities",
    "referenced_tweets.id": "referenced_tweets",
    "referenced_tweets.id.author_id": "referenced_tweets",
    "attachments.media_keys": "attachments",
}
"""An expansion brings the field it expands."""


class Payloads:
    """Shows things to one reader, for one request."""

    def __init__(self, world: World, reader: User, query: Mapping[str, str], *, shorten: bool) -> None:
        self._world = world
        self._reader = reader
        self._shorten = shorten
        self._user_fields = wanted(query, "user.fields") | {"id", "name", "username"}
        self._media_fields = wanted(query, "media.fields") | {"media_key", "type"}
        self._expand = wanted(query, "expansions")
        fields = wanted(query, "tweet.fields") | {"id", "text", "edit_history_tweet_ids"}
        self._fields = fields | {_NEEDS[one] for one in self._expand if one in _NEEDS}

    def post(self, post: Post) -> dict[str, Any]:
        full = self._full(post)
        return {name: value for name, value in full.items() if name in self._fields and value not in (None, {}, [])}

    def user(self, user: User) -> dict[str, Any]:
        written = sum(post.by is user and not post.deleted for post in self._world.posts.values())
        full = {
            "id": user.id,
            "name": user.name,
            "username": user.username,
            "protected": user.protected,
            "verified": False,
            "verified_type": "none",
            "description": "",
            "created_at": "2019-01-01T00:00:00.000Z",
            "public_metrics": {
                "followers_count": user.followers,
                "following_count": 0,
                "tweet_count": written,
                "listed_count": 0,
                "like_count": 0,
            },
        }
        return {name: value for name, value in full.items() if name in self._user_fields}

    def expanded(self, posts: list[Post]) -> tuple[list[User], list[Post], list[Media]]:
        """The users, posts and pictures that the expansions bring along."""
        parents = [parent for post in posts for parent in self._parents(post)]
        ids: list[str | None] = []
        if "author_id" in self._expand:
            ids += [post.by.id for post in posts]
        if "in_reply_to_user_id" in self._expand:
            ids += [post.reply_to_user for post in posts]
        if "entities.mentions.username" in self._expand:
            ids += [one for post in posts for one in sorted(post.mentions)]
        if "referenced_tweets.id.author_id" in self._expand:
            ids += [parent.by.id for parent in parents]
        users = [self._world.users[one] for one in dict.fromkeys(ids) if one]
        pictures = [one for post in posts for one in post.media] if "attachments.media_keys" in self._expand else []
        return users, list({parent.id: parent for parent in parents}.values()), pictures

    def includes(self, users: Iterable[User], posts: Iterable[Post], pictures: Iterable[Media]) -> dict[str, Any]:
        parts = {
            "users": [self.user(one) for one in users],
            "tweets": [self.post(one) for one in posts],
            "media": [self._picture(one) for one in pictures],
        }
        return {name: part for name, part in parts.items() if part}

    def _parents(self, post: Post) -> list[Post]:
        if not any(one.startswith("referenced_tweets") for one in self._expand):
            return []
        found = [self._world.get(one) for one in (post.reply_to, post.quote_of) if one]
        return [one for one in found if one and self._world.open_to(one, self._reader)]

    def _picture(self, one: Media) -> dict[str, Any]:
        full = {"media_key": one.key, "type": "photo", "url": f"https://pbs.twimg.com/media/{one.id}.png"}
        full |= {"alt_text": one.alt} if one.alt else {}
        return {name: value for name, value in full.items() if name in self._media_fields}

    def _full(self, post: Post) -> dict[str, Any]:
        short = x_text.cut(post.text)
        shown = self._shown(short, post, pictures=True)
        whole = self._shown(post.text, post, pictures=False) if short != post.text else None
        answers = [("replied_to", post.reply_to), ("quoted", post.quote_of)]
        return {
            "id": str(post.id),
            "text": shown.text,
            "edit_history_tweet_ids": [str(one) for one in post.history],
            "author_id": post.by.id,
            "created_at": f"{datetime.fromtimestamp(post.at, UTC):%Y-%m-%dT%H:%M:%S.000Z}",
            "conversation_id": str(post.conversation),
            "in_reply_to_user_id": post.reply_to_user,
            "referenced_tweets": [{"type": kind, "id": str(id_)} for kind, id_ in answers if id_],
            "entities": shown.entities,
            "note_tweet": {"text": whole.text, "entities": whole.entities} if whole else None,
            "attachments": {"media_keys": [one.key for one in post.media]} if post.media else None,
            "display_text_range": [post.prefix, len(shown.text)],
            "lang": "en",
            "reply_settings": "everyone",
            "possibly_sensitive": False,
            "edit_controls": {
                "edits_remaining": 6 - len(post.history),
                "is_edit_eligible": True,
                "editable_until": f"{datetime.fromtimestamp(post.at + 3600, UTC):%Y-%m-%dT%H:%M:%S.000Z}",
            },
            "public_metrics": self._metrics(post) if "public_metrics" in self._fields else None,
        }

    def _metrics(self, post: Post) -> dict[str, int]:
        others = ("retweet_count", "like_count", "quote_count", "impression_count", "bookmark_count")
        return {"reply_count": self._world.replies(post)} | dict.fromkeys(others, 0)

    def _shown(self, text: str, post: Post, *, pictures: bool) -> x_text.Shown:
        media = [(x_text.address(one.key), one.key) for one in post.media] if pictures else []
        return x_text.show(text, shorten=self._shorten, who=self._world.id_of, pictures=media)
