"""The fate of a message that was just sent: shown, held, or on its way. The form tells its author. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from adapters.room.page_model import PageModel
from bot.messages import Value
from bot.ports.views import MessageView


class Sent(Value, frozen=True):
    """A message as its author sees it. `section` is the key of the heading it stands under.

    `held`: only they see it. `arrived`: it is stored, and can't be shown yet. Without any of these there is nothing to
    tell.
    """

    message: MessageView | None = None
    section: str = ""
    held: bool = False
    arrived: bool = False


def sent_message(
    id_: str, authors: Collection[str], page: PageModel, found: MessageView | None, withheld: Iterable[MessageView]
) -> Sent:
    """The fate of a message by one of these authors, who are one person.

    `found` is what everybody sees of it, `withheld` are those that only they see.
    """
    held = next((one for one in withheld if one.id == id_), None)
    message = found or held
    if message is None:
        return Sent(arrived=True)
    if message.author.id not in authors:
        return Sent()
    return Sent(message=message, section=page.home(message.question), held=found is None)
