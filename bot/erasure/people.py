"""Finding a person by what somebody writes down: a handle, an id or a name, with or without the place before it.

Nobody's accounts on two platforms are ever tied together: who is to be forgotten on both is named twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.erasure.traces import Ident
from bot.messages import Value
from bot.store.person_rows import AccountRow

_ROOM = "room"


class FoundPerson(Value, frozen=True, kw_only=True):
    """A person: their accounts on all places of one platform, and how they are called there."""

    accounts: tuple[Ident, ...]
    shown: str

    @property
    def reference(self) -> str:
        """The one way to name just them."""
        place, id = self.accounts[0]
        return f"{place}/{id}"


def find_people(wanted: str, known: Iterable[AccountRow], platforms: Mapping[str, str]) -> list[FoundPerson]:
    """The people whom `wanted` may mean, the latest heard first. `platforms` has the platform of each place.

    An id or a handle counts before a name. `x/@kate` is looked for on the place or platform called x alone.
    """
    known = list(known)
    where, _, rest = wanted.strip().partition("/")
    label = where.casefold()
    named = rest and label in {*platforms, *platforms.values(), *(one.place for one in known)}
    text = " ".join((rest if named else wanted).split())
    there = [one for one in known if not named or label in {one.place, platforms.get(one.place)}]
    exact = [one for one in there if one.author.id == text.lstrip("@") or _handle(one) == text.lstrip("@").casefold()]
    called = [one for one in there if " ".join(one.author.name.split()).casefold() == text.casefold()]
    return _joined(exact or called, platforms)


def accounts_of(place: str, id: str, platforms: Mapping[str, str]) -> tuple[Ident, ...]:
    """A person's accounts: the same id on each place of the platform, but in the room, where ids are its own."""
    platform = platforms.get(place)
    same = [other for other, one in platforms.items() if one == platform and other != place]
    return ((place, id), *((other, id) for other in sorted(same) if platform not in {None, _ROOM}))


def _handle(one: AccountRow) -> str:
    return one.author.handle.lstrip("@").casefold()


def _joined(found: Iterable[AccountRow], platforms: Mapping[str, str]) -> list[FoundPerson]:
    people: dict[frozenset[Ident], FoundPerson] = {}
    for one in found:
        accounts = accounts_of(one.place, one.author.id, platforms)
        also = f" ({one.author.name})" if one.author.handle and one.author.name else ""
        shown = f"{one.author.shown}{also} on {one.place}, last heard on {one.last:%d %b %Y}"
        people.setdefault(frozenset(accounts), FoundPerson(accounts=accounts, shown=shown))
    return list(people.values())
