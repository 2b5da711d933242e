"""The result of a comparison with a platform, in words. Pure, and quick to import: the command line uses it, too."""

from __future__ import annotations

from bot.store.resyncs import Tally
from bot.translation import LazyText, lazy


def describe(tally: Tally, called: str) -> str:
    """The result of a comparison, in a line for people."""
    changes = {
        "deleted": len(tally.deleted),
        "not shown any more, as their authors are suspended or protected": len(tally.withheld),
        "shown again": len(tally.back),
        "edited since": tally.edited,
    }
    found = ", ".join(f"{count} {what}" for what, count in changes.items() if count)
    text = f"{called}: {tally.asked} of {tally.total} messages were looked at; {found or 'all are as they were'}."
    if tally.unanswered:
        text += f" Of {tally.unanswered} it said nothing; they stay."
    if tally.unpaid:
        text += f" For {tally.unpaid} no money was left within the cap; they stay."
    return f"{text} It cost ${tally.micros / 1_000_000:.2f}." if tally.micros else text


def mostly_gone(tally: Tally, called: str, chat: str) -> LazyText:
    """The concern that a platform reports most of a chat's messages as gone, which is not believed yet."""
    return lazy(
        "{place} says that {gone} of the {asked} messages of this chat are gone. That may be an outage there, so "
        "nothing is taken out yet; it is asked again in a day. If it is right: {command}.",
        place=called,
        gone=tally.gone,
        asked=tally.asked,
        command=f"`convenor resync {chat} --yes`",
    )
