"""What somebody who called the bot gets as an answer: one receipt for one summons, as a post. Pure."""

from __future__ import annotations

from datetime import timedelta

from bot import wording
from bot.messages import Message, Post
from bot.store.drafts import Draft, nonce

_WORTH = timedelta(hours=1)
"""How long after the summons a receipt is still worth posting."""


def receipt(message: Message, chat: str) -> Draft:
    """The receipt for a message that asked the bot to leave its author out."""
    key = f"receipt-{message.id}"
    post = Post(
        chat=chat,
        key=key,
        place=message.place,
        kind="receipt",
        text=wording.left_out(message.id[-6:]),
        nonce=nonce(chat, key, message.place, 1),
        due=message.at,
        reply_to=message.id,
    )
    return Draft(post=post, expires=message.at + _WORTH)
