"""Finding a person by what somebody writes down: a handle, an id or a name, with or without the place before it.

Nobody's accounts on two platforms are ever tied together: who is to be forgotten on both is named twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Literal

from bot.erasure.traces import Ident
from bot.messages import Value
from bot.store.person_rows import AccountRow

_ROOM = "room"

Earlier = Callable[[str, Literal["handle", "name"]], Mapping[Ident, datetime]]
"""Returns the accounts that had a handle or name at some time, and when they last did."""


class FoundPerson(Value, frozen=True, kw_only=True):
    """A person: their accounts on all places of one platform, and how they are called there."""

    accounts: tuple[Ident, ...]
    shown: str

    @property
    def reference(self) -> str:
        """The one way to name just them."""
        place, id = self.accounts[0]
        return f"{place}/{id}"


def _nobody(_called: str, _field: Literal["handle", "name"]) -> Mapping[Ident, datetime]:
    return {}


def find_people(
    wanted: str, known: Iterable[AccountRow], platforms: Mapping[str, str], earlier: Earlier = _nobody
) -> list[FoundPerson]:
    """The people whom `wanted` may mean, the latest heard first. `platforms` has the platform of each place.

    An id or a handle counts before a name; handles and names count that they had `earlier`, too. `x/@kate` is looked
    for on the place or platform called x alone, and `x/123` is first the account with that id there: so each of several
    can be named.
    """
    known = list(known)
    where, _, rest = wanted.strip().partition("/")
    label = where.casefold()
    named = rest and label in {*platforms, *platforms.values(), *(one.place for one in known)}
    text = " ".join((rest if named else wanted).split())
    there = [one for one in known if not named or label in {one.place, platforms.get(one.place)}]
    if named and (found := [one for one in there if one.author.id == text]):
        return _joined(found, platforms, {})
    had = earlier(text, "handle")
    bare, folded = text.lstrip("@"), text.lstrip("@").casefold()
    had = earlier(text, "handle")
    if found := [one for one in there if bare == one.author.id or folded == _handle(one) or _key(one) in had]:
        former = {_key(one): f"@{bare}" for one in found if _handle(one) != folded}
        return _joined(found, platforms, _until(former, had))
    had = earlier(text, "name")
    found = [one for one in there if _name(one) == text.casefold() or _key(one) in had]
    former = {_key(one): text for one in found if _name(one) != text.casefold()}
    return _joined(found, platforms, _until(former, had))


def accounts_of(place: str, id: str, platforms: Mapping[str, str]) -> tuple[Ident, ...]:
    """A person's accounts: the same id on each place of the platform, but in the room, where ids are its own."""
    platform = platforms.get(place)
    same = [other for other, one in platforms.items() if one == platform and other != place]
    return ((place, id), *((other, id) for other in sorted(same) if platform not in {None, _ROOM}))


def _key(one: AccountRow) -> Ident:
    return one.place, one.author.id


def _handle(one: AccountRow) -> str:
    return one.author.handle.lstrip("@").casefold()


def _name(one: AccountRow) -> str:
    return " ".join(one.author.name.split()).casefold()


def _until(former: Mapping[Ident, str], had: Mapping[Ident, datetime]) -> dict[Ident, str]:
    """The earlier names of accounts, and until when they had them."""
    return {key: f", called {text} until {had[key]:%d %b %Y}" for key, text in former.items() if key in had}


def _joined(
    found: Iterable[AccountRow], platforms: Mapping[str, str], former: Mapping[Ident, str]
) -> list[FoundPerson]:
    people: dict[frozenset[Ident], FoundPerson] = {}
    for one in found:
        accounts = accounts_of(one.place, one.author.id, platforms)
        also = f" ({one.author.name})" if one.author.handle and one.author.name else ""
        heard = f"last heard on {one.last:%d %b %Y}{former.get(_key(one), '')}"
        shown = f"{one.author.shown}{also} on {one.place}, {heard}"
        people.setdefault(frozenset(accounts), FoundPerson(accounts=accounts, shown=shown))
    return list(people.values())
