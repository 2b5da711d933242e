"""Corrections as they change a message's row: the live pages show them at once. Pure.

The record is made from the events, in `bot.reporting.corrections`.
"""

from __future__ import annotations

from bot.live.attribution import Reason
from bot.messages import MessageHighlighted, MessageMoved, MessagesMerged, MessageWithheld
from bot.store.message_rows import MessageRow
from bot.store.message_schema import REPOST

MessageCorrection = MessageMoved | MessagesMerged | MessageHighlighted | MessageWithheld

CORRECTED: Reason = "corrected"
"""The reason of a message that was moved: it stays where it is, whatever it refers to."""


def correct(row: MessageRow, event: MessageCorrection) -> None:
    """Correct a row. One that is moved back has to be attributed again; until then it stays where it is."""
    match event:
        case MessageMoved():
            row.moved = event.question or ""
            if event.question:
                row.question, row.also = event.question, ()
                row.reason = REPOST if row.reason == REPOST else CORRECTED
        case MessagesMerged():
            row.merged = "/".join(event.original) if event.original else ""
        case MessageHighlighted():
            row.highlighted = event.on
        case MessageWithheld():
            shows = row.withheld and not event.on and not row.taken_out
            row.gone, row.withheld = event.on or (row.gone and not shows), event.on


def take_over(row: MessageRow, placeholder: MessageRow) -> None:
    """Take over what was corrected of a message before it was heard."""
    row.moved, row.merged, row.highlighted = placeholder.moved, placeholder.merged, placeholder.highlighted
    row.withheld = placeholder.withheld
