"""The contents of a chat's files, worked out once from its record: each file is one way of writing them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.messages import Value
from bot.reporting.conversation import Part, conversation, parents
from bot.reporting.event_fold import Key
from bot.reporting.exchanges import Exchanges, exchanges
from bot.reporting.hour_chart import HourChart, hour_chart
from bot.reporting.numbers import Numbers, count_numbers
from bot.reporting.record import Record
from bot.reporting.shared_links import SharedLink, shared_links
from bot.translation import speaking


class Contents(Value, frozen=True, kw_only=True):
    """A record with its figures and everything else that the files show.

    `parents` has the message to which each replies, `exchanges` is None where there is nothing to show.
    """

    record: Record
    numbers: Numbers
    parts: Mapping[str, Part]
    parents: Mapping[Key, Key]
    links: tuple[SharedLink, ...]
    chart: HourChart
    exchanges: Exchanges | None


def contents_of(record: Record, known: Collection[Key] | None = None) -> Contents:
    """Work out the contents; `known` is as in `count_numbers`. Tables are in the chat's language."""
    above = parents(record)
    with speaking(record.chat.language):
        return Contents(
            record=record,
            numbers=count_numbers(record, known),
            parts=conversation(record, above),
            parents=above,
            links=shared_links(record),
            chart=hour_chart(record),
            exchanges=exchanges(record, above),
        )
