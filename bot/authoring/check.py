"""What `convenor check` finds and prints: every mistake, the timeline, and what each place will show.

It posts nothing and asks no platform: lengths and limits come from the traits that the places declare.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from bot.authoring.loader import SERIES, Loaded, load, load_series, named
from bot.chat import Chat, Slot
from bot.errors import Problem
from bot.live import costs
from bot.messages import Value
from bot.ports.platform import Traits
from bot.scheduling.post_text import PostText, post_texts
from bot.scheduling.timeline import all_slots
from bot.toml.document import path_text
from bot.toml.validation import sorted_problems

_DOLLAR = 1_000_000
"""Millionths of a dollar in a dollar."""


class Cost(Value, frozen=True, kw_only=True):
    """What a chat may cost on a place, from `low` to `high`."""

    low: float
    high: float
    currency: str


class Piece(Value, frozen=True, kw_only=True):
    """One part of a post, and its length in the place's own measure."""

    text: str
    length: int


class Preview(Value, frozen=True, kw_only=True):
    """One post as a place will show it: more than one part where it is longer than the limit."""

    key: str
    parts: tuple[Piece, ...]
    limit: int


class Checked(Value, frozen=True, kw_only=True):
    """What was found in one file. `name` is the chat's, or the series'."""

    file: str
    name: str
    chat: Chat | None = None
    timeline: tuple[Slot, ...] = ()
    problems: tuple[Problem, ...] = ()
    previews: dict[str, tuple[Preview, ...]] = msgspec.field(default_factory=dict)
    cost: dict[str, Cost] = msgspec.field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether it can be hosted; doubts do not stop it."""
        return all(problem.severity != "error" for problem in self.problems)


def checked(
    path: Path, places: Mapping[str, Traits], *, root: Path | None = None, now: datetime | None = None
) -> Checked:
    """A chat file, or a series', with all there is to say about it.

    `places` are those configured, with what each can do; `root` and `now` are as in `load`.
    """
    if path.name == SERIES:
        return Checked(file=path_text(path), name=path.absolute().parent.name, problems=load_series(path))
    platforms = {name: traits.platform for name, traits in places.items()}
    loaded = load(path, now=now, places=platforms, root=root)
    if loaded.chat is None:
        return Checked(file=path_text(path), name=named(path, root), problems=loaded.problems)
    timeline = all_slots(loaded.chat)
    shown = {name: one for name, one in places.items() if not loaded.chat.places or name in loaded.chat.places}
    said = post_texts(loaded.chat, timeline, shown)
    doubts = (_doubted(one, name, shown[name], loaded) for name, found in said.items() for one in found if _worth(one))
    return Checked(
        file=path_text(path),
        name=named(path, root),
        chat=loaded.chat,
        timeline=timeline,
        problems=sorted_problems([*loaded.problems, *doubts]),
        previews={name: tuple(_preview(one, shown[name]) for one in found) for name, found in said.items()},
        cost={name: cost for name, found in said.items() if (cost := _cost(found, shown[name]))},
    )


def as_json(found: Sequence[Checked]) -> object:
    """Plain data as `check --json` prints it: an object for one file, a list for several."""
    objects = [_object(one) for one in found]
    return objects[0] if len(objects) == 1 else objects


def as_text(found: Sequence[Checked], console: Console) -> None:
    """The same for people."""
    for one in found:
        for problem in one.problems:
            console.print(Text(str(problem), style="red" if problem.severity == "error" else "yellow"), soft_wrap=True)
        if one.chat:
            _print_chat(one, one.chat, console)
        console.print(Text(_verdict(one)), soft_wrap=True)


def _preview(saying: PostText, traits: Traits) -> Preview:
    return Preview(
        key=saying.slot.key,
        parts=tuple(Piece(text=part, length=traits.text.length(part)) for part in saying.parts),
        limit=traits.text.limit,
    )


def _cost(said: Sequence[PostText], traits: Traits) -> Cost | None:
    found = costs.estimate(traits, [part for saying in said for part in saying.parts])
    return Cost(low=found[0] / _DOLLAR, high=found[1] / _DOLLAR, currency="USD") if found else None


def _worth(saying: PostText) -> bool:
    """Whether a host can do something about it: a second account leaves the house's words to the first."""
    return bool(saying.doubt) and (saying.doubt != "same" or saying.slot.kind == "question")


def _doubted(saying: PostText, place: str, traits: Traits, loaded: Loaded) -> Problem:
    """Why a place will not say just what was written, where it was written."""
    called, key = traits.called or place, saying.slot.key
    length = traits.text.length(" ".join(saying.parts))
    words = {
        "long": f"'{key}' is {length} long and {called} takes {traits.text.limit}; shorten it, or write a shorter one "
        f"for {place} in its says.",
        "links": f"'{key}' is posted on {called} without its link: {traits.text.most_links or 'none'} of a chat's "
        "posts may have one there, because it costs much more.",
        "bare": f"nothing is left of '{key}' on {called} without its link, and {traits.text.most_links or 'none'} of a "
        f"chat's posts may have one there; say in words what it is about, or write other words for {place}.",
        "same": f"'{key}' is not posted in {place}: another account says the same words on {called}, which it does "
        f"not allow; write other words for {place} in its says.",
    }[saying.doubt]
    file, line, column = loaded.spots.get(key, (loaded.spots["welcome"][0], 1, 1))
    severity: Literal["error", "warning"] = "error" if saying.doubt in ("long", "bare") else "warning"
    return Problem(file=file, line=line, column=column, severity=severity, message=words)


def _object(one: Checked) -> object:
    timeline = [
        {"key": slot.key, "kind": slot.kind, "at": slot.at.astimezone(UTC), "text": slot.text} for slot in one.timeline
    ]
    return msgspec.to_builtins(
        {
            "ok": one.ok,
            "chat": one.name,
            "timeline": timeline,
            "problems": one.problems,
            "previews": one.previews,
            "cost": one.cost,
        }
    )


def _print_chat(one: Checked, chat: Chat, console: Console) -> None:
    console.print(Text(f"\n{chat.title}", style="bold"), Text(f"{chat.name}, with {_hosts(chat)}"), sep="\n")
    zone = ZoneInfo(chat.timezone)
    local = chat.starts.astimezone(zone)
    console.print(Text(f"{local:%A} {local.day} {local:%B %Y}\n"))
    table = Table("", "", "text", box=None, padding=(0, 2, 0, 0))
    table.columns[0].header, table.columns[1].header = escape(chat.timezone), "UTC"
    for column in table.columns[:2]:
        column.no_wrap = True
    for slot in one.timeline:
        table.add_row(_clock(slot.at.astimezone(zone), local), _clock(slot.at.astimezone(UTC), local), Text(slot.text))
    console.print(table)
    for place, previews in one.previews.items():
        _print_place(place, previews, console)
        if place in one.cost:
            cost = one.cost[place]
            console.print(
                Text(
                    f"A chat of {costs.SMALL} answers costs about ${cost.low:.2f} there, one of {costs.LARGE} about "
                    f"${cost.high:.2f}."
                ),
                soft_wrap=True,
            )


def _print_place(place: str, previews: Sequence[Preview], console: Console) -> None:
    """How long each post is there, and where it will be cut."""
    table = Table("post", "length", "limit", "parts", box=None, padding=(0, 2, 0, 0), title_justify="left")
    table.title = f"\nIn {escape(place)}"
    for preview in previews:
        lengths = ", ".join(str(part.length) for part in preview.parts)
        cut = {0: "not posted", 1: ""}.get(len(preview.parts), f"cut into {len(preview.parts)}")
        table.add_row(preview.key, lengths, str(preview.limit), cut)
        if cut:
            for part in preview.parts:
                table.add_row("", "", "", Text(part.text))
    console.print(table)


def _clock(at: datetime, day: datetime) -> str:
    """The hour, with the date where it is another day's."""
    hour = f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
    return hour if at.date() == day.date() else f"{at:%d %b} {hour}"


def _hosts(chat: Chat) -> str:
    return ", ".join(host.name for host in chat.hosts) or "no host named"


def _verdict(one: Checked) -> str:
    errors = sum(problem.severity == "error" for problem in one.problems)
    doubts = len(one.problems) - errors
    if errors:
        return f"{one.file}: {errors} to put right" + (f", {doubts} to look at." if doubts else ".")
    return f"{one.file}: {'ready to be hosted' if one.chat else 'nothing to put right'}" + (
        f", {doubts} to look at." if doubts else "."
    )
