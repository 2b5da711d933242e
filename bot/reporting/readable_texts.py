"""The messages of a chat as they read: with names for ids, and in words what they have beside words. Pure.

By an id alone only people with a message in the record are named, and no link leads to a message that is not published;
what others typed themselves stays. So the published log, which names nobody else, gives the same texts.
"""

from __future__ import annotations

from bot.readable import Directory, author_name, mentions, readable_text
from bot.reporting.event_fold import EventFold, Key
from bot.reporting.unpublished_posts import UnpublishedPosts


class ReadableTexts:
    """The texts of one folded log, of which some messages are `hidden`."""

    def __init__(self, fold: EventFold, hidden: frozenset[Key], unpublished: UnpublishedPosts) -> None:
        self._fold, self._hidden, self._left_out = fold, hidden, fold.left_out
        self._unpublished = unpublished
        self._shown = {(one.place, one.author.id) for key, one in fold.messages.items() if key not in hidden}

    def text(self, key: Key) -> str:
        """A message's current text as it reads."""
        place, message = key[0], self._fold.messages[key]
        return readable_text(
            self._unpublished.text(self._fold.text(key)),
            self._fold.media(key),
            place=place,
            url=message.url,
            zone=self._fold.chat.timezone,
            names=self.names(key),
            directory=self._directory(place),
        )

    def mentions(self, key: Key) -> tuple[str, ...]:
        """The handles of the people that a message mentions, each with its `@`."""
        place, url = key[0], self._fold.messages[key].url
        names, directory = self.names(key), self._directory(place)
        return mentions(self._fold.text(key), place=place, url=url, names=names, directory=directory)

    def names(self, key: Key) -> dict[str, str]:
        """The names that came with a message, without those of people who were left out."""
        names = self._fold.names_in(key)
        return {mark: name for mark, name in names.items() if (key[0], mark.strip("<@!>")) not in self._left_out}

    def _directory(self, place: str) -> Directory:
        fold = self._fold

        def account(id: str) -> str | None:
            return author_name(fold.accounts.latest((place, id))) if (place, id) in self._shown else None

        def post(id: str) -> str | None:
            message = fold.messages.get(key := fold.original((place, id)))
            return account(message.author.id) if message and key not in self._hidden else None

        return Directory(account=account, post=post)
