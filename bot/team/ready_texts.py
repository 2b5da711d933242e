"""Ready texts that invite to a chat, for the team's page: for a blog, an e-mail, and a post in each place. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.authoring.invitation import Invitation, blog, mail, posts, subject
from bot.chat import Chat
from bot.local_dates import city
from bot.ports.platform import Traits
from bot.ports.team import ReadyText
from bot.translation import _, speaking


def ready_texts(
    chats: Sequence[Chat],
    invitation: Callable[[Chat], Invitation],
    places: Mapping[str, Traits],
    literal: Callable[[str], str],
) -> tuple[ReadyText, ...]:
    """The texts for each session of a chat, each in its language, with labels in the one that is spoken here.

    `literal` escapes text for Markdown.
    """
    found: list[ReadyText] = []
    for chat in chats:
        where = f"{city(chat.timezone)}: " if len(chats) > 1 else ""
        with speaking(chat.language):
            invited = invitation(chat)
            article, letter = blog(invited, literal), f"{subject(chat)}\n\n{mail(invited)}"
            posted = posts(invited, places)
        texts: dict[str, tuple[str, ...]] = {_("A blog or web page"): (article,), _("An e-mail"): (letter,)}
        for name, parts in posted.items():
            texts[_("A post: {place}").format(place=_(places[name].called or name))] = parts
        found += [
            ReadyText(label=f"{where}{label}", parts=parts, language=chat.language) for label, parts in texts.items()
        ]
    return tuple(found)
