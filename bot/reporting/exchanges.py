"""Exchanges: who replied to whom, as a picture and as a table. Pure.

Only replies between people with a message in the record count, either way. Accounts are never joined. The order of
people is that of the host's lists; a host who wants no lists of people gets none here. Geometry as in the picture of
the hour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.messages import Value
from bot.reporting.conversation import ident
from bot.reporting.event_fold import Key
from bot.reporting.figure_tables import Row, Table
from bot.reporting.formatting import display_name, grouped, on_place
from bot.reporting.record import Record
from bot.translation import _

MAX_PEOPLE = 20
"""People in the picture: of more, the arcs can't be told apart."""

MAX_ROWS = 40
"""Pairs in the table."""

WIDTH, NAMES, PITCH, LONGEST = 480, 216, 28, 22
"""The width of the picture and of its names, the distance of two names, and the signs that fit into one."""

Pair = tuple[Key, Key]


class Arc(Value, frozen=True, kw_only=True):
    """A line between two people, from `above` down to `below`; the thicker, the more replies."""

    above: float
    below: float
    across: float
    down: float
    thickness: float


class PersonDot(Value, frozen=True, kw_only=True):
    """A person's name and dot."""

    name: str
    y: float


class Exchanges(Value, frozen=True, kw_only=True):
    """The picture and the table. `others` are people with replies who are not in the picture, `pairs` all pairs."""

    people: tuple[PersonDot, ...]
    arcs: tuple[Arc, ...]
    others: int
    pairs: int
    replies: int
    table: Table
    height: float
    width: int = WIDTH
    names: int = NAMES


def exchanges(record: Record, above: Mapping[Key, Key]) -> Exchanges | None:
    """The exchanges; None if nobody replied to anybody, or if the host wants no lists of people.

    `above` has the message to which each replies.
    """
    counts = count_replies(record, above)
    if not counts or record.chat.lists == "none":
        return None
    names = {(one.place, one.author.id): display_name(one.author) for one in record.messages}
    by_person: Counter[Key] = Counter()
    for pair, count in counts.items():
        by_person.update(dict.fromkeys(pair, count))
    most = sorted(by_person, key=lambda one: (-by_person[one], names[one].casefold(), one))[:MAX_PEOPLE]
    if record.chat.lists == "alphabetical":
        most.sort(key=lambda one: (names[one].lstrip("@").casefold(), one))
    return Exchanges(
        people=tuple(PersonDot(name=_short(names[one]), y=_y(number)) for number, one in enumerate(most)),
        arcs=_arcs(counts, most),
        others=len(by_person) - len(most),
        pairs=len(counts),
        replies=counts.total(),
        table=_table(counts, names),
        height=len(most) * PITCH,
    )


def count_replies(record: Record, above: Mapping[Key, Key]) -> Counter[Pair]:
    """The replies between each two people, either way; whose name comes first stands first.

    Not by id: ids are made anew for each chat with a secret, and the same record has to read the same.
    """
    authors = {ident(one): (one.place, one.author.id) for one in record.messages}
    names = {(one.place, one.author.id): display_name(one.author).casefold() for one in record.messages}
    pairs = (sorted((authors[key], authors[other]), key=lambda one: (names[one], one)) for key, other in above.items())
    return Counter((one, other) for one, other in pairs if one != other)


def _y(number: int) -> float:
    return PITCH * number + PITCH / 2


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"


def _arcs(counts: Mapping[Pair, int], people: Sequence[Key]) -> tuple[Arc, ...]:
    """The arcs among these people, the thickest last, so that it stays in sight."""
    order = {one: number for number, one in enumerate(people)}
    shown = {pair: count for pair, count in counts.items() if pair[0] in order and pair[1] in order}
    most, widest = max(shown.values(), default=1), max(len(people) - 1, 1)
    found = []
    places = {pair: sorted((order[pair[0]], order[pair[1]])) for pair in shown}
    for (one, other), count in sorted(shown.items(), key=lambda item: (item[1], places[item[0]])):
        above, below = sorted((order[one], order[other]))
        across = 18 + (WIDTH - NAMES - 40) * (below - above) / widest
        thickness = round(1.5 + 4.5 * count / most, 1)
        down = (below - above) * PITCH / 2
        found.append(Arc(above=_y(above), below=_y(below), across=round(across, 1), down=down, thickness=thickness))
    return tuple(found)


def _table(counts: Counter[Pair], names: Mapping[Key, str]) -> Table:
    def called(one: Key) -> str:
        return f"{names[one]} {on_place(one[0])}"

    ranked = sorted(counts, key=lambda pair: (-counts[pair], called(pair[0]).casefold(), called(pair[1]), pair))
    return Table(
        caption=_("Replies between two people"),
        columns=(_("Person"), _("spoke with"), _("Replies")),
        rows=tuple(
            Row(heading=called(one), cells=(called(other), grouped(counts[one, other])))
            for one, other in ranked[:MAX_ROWS]
        ),
    )
