"""Command recognition: whether a message that people post in public is meant for the bot, and as which command.

`bot.commands.grammar` reads the text; this adds the facts about its author and the message above. Nothing here runs a
command.
"""

from __future__ import annotations

from bot.commands.grammar.parser import is_command
from bot.live.live_chats import LiveChats
from bot.messages import Command, Message
from bot.moderation.judge import HasRole


class CommandRecognizer:
    """Recognizes the commands among public messages."""

    def __init__(self, live_chats: LiveChats, has_role: HasRole) -> None:
        self._live_chats = live_chats
        self._has_role = has_role

    def find(self, message: Message, chat: str | None) -> Command | None:
        """The command that a message is, else None. An edit never turns a message into a command.

        Where no chat is open, only people with a role can give one.
        """
        addressed = message.mentions_bot or message.text[:1] == "!"
        # asked for everybody with a role on the platform, so that such people are known and nobody mutes them
        has_role = (addressed or message.role != "participant") and self._has_role(message, chat)
        if message.changed or not addressed or (chat is None and not has_role):
            return None
        about = f"{message.place}/{message.reply_to}" if message.reply_to else None
        if not is_command(message.text, leads=has_role, about=about, answers=self._answers_question(message, chat)):
            return None
        return Command(
            place=message.place,
            id=message.id,
            author=message.author,
            text=message.text,
            chat=chat,
            about=about,
            public=True,
            role=message.role,
            names=message.names,
            at=message.at,
        )

    def _answers_question(self, message: Message, chat: str | None) -> bool:
        """Whether a message replies to a question's own post."""
        parent, live = self._live_chats.parent(*message.parent), self._live_chats.by_name.get(chat or "")
        return parent is not None and live is not None and live.chat.question(parent.question) is not None


def as_command(event: Message, chat: str | None) -> Command:
    """A message that asks about its author, as a command: it is answered outside of the batch."""
    return Command(
        place=event.place, id=event.id, author=event.author, text=event.text, chat=chat, public=True, at=event.at
    )
