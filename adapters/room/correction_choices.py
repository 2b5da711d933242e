"""The choices on the page to correct a message: the questions, and messages of which it may be a copy. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bot.ports.views import Dashboard, MessageView
from bot.translation import _

MOST_READ = 1000
"""Messages among which copies are looked for, the newest."""

_MOST_COPIES = 8


def possible_copies(message: MessageView, others: Iterable[MessageView]) -> list[MessageView]:
    """Messages with the same words, then those by somebody of the same name; the nearest in time first."""
    found = [one for one in others if (one.place, one.id) != (message.place, message.id)]
    alike = [one for one in found if _words(one) == _words(message) or _names(one) & _names(message)]
    nearest = sorted(alike, key=lambda one: (_words(one) != _words(message), abs(one.at - message.at)))
    return nearest[:_MOST_COPIES]


def sections(dashboard: Dashboard | None) -> list[tuple[str, str]]:
    """The parts of a record under which a message may stand, with their names."""
    steps = dashboard.steps if dashboard else ()
    questions = [(one.key, one.text) for one in steps if one.kind == "question"]
    return [("before", _("Before the first question")), *questions, ("after", _("After the end"))]


def _words(one: MessageView) -> str:
    return " ".join(one.text.casefold().split())


def _names(one: MessageView) -> set[str]:
    return {name.casefold() for name in (one.author.handle.removeprefix("@"), one.author.name) if name}
