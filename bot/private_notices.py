"""Notices to one person: the author of a held message, a moderator, those who lead a chat, and the operator.

They are marked for translation. Whom they go to, and when, is decided elsewhere.
"""

from __future__ import annotations

from bot.translation import _


def held_notice() -> str:
    """The private notice to the author of a held message. It blames nobody: most held messages are harmless."""
    return _(
        "Thank you for your message. A part of it looks as if it could tell who a patient is, so it is not in our "
        "transcript yet. If it does, please edit or delete it. If not, there is nothing to do: a moderator will look."
    )


def moderator_notice(number: int, why: str, url: str | None = None) -> str:
    """The private notice to a moderator. `why` is the kind and position of what was found, never the words."""
    where = f" {url}" if url else ""
    return _(
        "Message {number} waits for you: {why}.{where} "
        "`approve {number}` lets it through, `drop {number}` leaves it out, `held` lists all."
    ).format(number=number, why=why, where=where)


def budget_used_up(called: str, cap: str, place: str) -> str:
    """The notice to host and operator that the budget for reading is used up. `cap` is `chat` or `month`."""
    said = (
        _(
            "The money for this chat on {called} is used up, so answers there are read no more. The questions are "
            "still asked. To go on reading, raise cap_per_chat in [places.{place}] and start again."
        )
        if cap == "chat"
        else _(
            "The money for this month on {called} is used up, so answers there are read no more. The questions are "
            "still asked. To go on reading, raise cap_per_month in [places.{place}] and start again."
        )
    )
    return said.format(called=called, place=place)


def posts_wait(called: str, reason: str) -> str:
    """The notice to host and operator that nothing can be posted just now. `reason` is the platform's."""
    said = _("Posts to {called} wait, and are tried again by themselves.").format(called=called)
    return f"{said} {reason}"


def answers_wait(called: str, reason: str) -> str:
    """The notice to host and operator that nothing can be read just now. `reason` is the platform's."""
    said = _("Answers on {called} cannot be read just now, and are read later.").format(called=called)
    return f"{said} {reason}"


def post_refused(key: str, kind: str, called: str, reason: str) -> str:
    """The notice to host and operator that a post will not be tried again. `reason` is the platform's."""
    texts = {
        "question": _("{question} did not go out on {place}: {reason}"),
        "calendar": _("The entry in the calendar did not go out on {place}: {reason}"),
        "edit": _("The new text of a post did not go out on {place}: {reason}"),
        "measure": _("What a moderator asked for did not go out on {place}: {reason}"),
        "receipt": _("An answer to a person did not go out on {place}: {reason}"),
        "announcement": _("The announcement did not go out on {place}: {reason}"),
        "reminder": _("The reminder did not go out on {place}: {reason}"),
        "welcome": _("The welcome did not go out on {place}: {reason}"),
        "rules": _("The rules did not go out on {place}: {reason}"),
        "notice": _("The notice did not go out on {place}: {reason}"),
        "closing": _("The closing did not go out on {place}: {reason}"),
    }
    said = texts.get(kind, f"The {kind} did not go out on {{place}}: {{reason}}")
    return said.format(question=key.upper(), place=called, reason=reason)


def concern_notice(text: str) -> str:
    """The private notice to those who lead a chat that something in it did not work."""
    return _("Something needs you in the chat. {what}").format(what=text)
