"""The findings of `convenor check`: every mistake, the timeline, and each post as each place will show it.

Posts nothing and asks no platform: lengths and limits come from the traits of the places. Prints nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from bot.authoring.chat_folder import SERIES
from bot.authoring.copies import copies
from bot.authoring.cost_estimate import estimate, reading_costs
from bot.authoring.loader import Loaded, chat_name, load, load_file, load_series, load_series_file
from bot.authoring.overlaps import overlaps
from bot.authoring.writing_advice import advice
from bot.chat import Chat, Slot
from bot.errors import Problem
from bot.messages import Value
from bot.ports.chat_files import ChatFile, is_series
from bot.ports.platform import Traits
from bot.scheduling.post_text import PostText, post_texts
from bot.scheduling.timeline import all_slots
from bot.toml.document import path_text
from bot.toml.validation import sorted_problems
from bot.translation import LazyText, LazyValue, encode_lazy, lazy, pending

_POST_PROBLEMS: Mapping[str, str] = {
    "long": pending(
        "'{key}' is {length} long and {label} takes {limit}; shorten it, or write a shorter one for {place} in its "
        "says."
    ),
    "links": pending(
        "'{key}' is posted on {label} without its link: {which} may have one there, because it costs much more."
    ),
    "bare": pending(
        "nothing is left of '{key}' on {label} without its link, and {which} may have one there; say "
        "in words what it is about, or write other words for {place}."
    ),
    "same": pending(
        "'{key}' is not posted in {place}: another account says the same words on {label}, which it does not allow; "
        "write other words for {place} in its says."
    ),
}
"""What makes a place change or skip a post, by the doubt of its text."""

_DOLLAR = 1_000_000
"""Millionths of a dollar in a dollar."""


class Cost(Value, frozen=True, kw_only=True):
    """The estimated cost of a chat on a place, from `low` to `high`; `reading` is the part for each source."""

    low: float
    high: float
    currency: str
    reading: dict[str, tuple[float, float]] = msgspec.field(default_factory=dict)


class PostPart(Value, frozen=True, kw_only=True):
    """One part of a post, with its length as the place measures it."""

    text: str
    length: int


class PostPreview(Value, frozen=True, kw_only=True):
    """A post as a place will show it, in several parts if it is longer than the limit."""

    key: str
    parts: tuple[PostPart, ...]
    limit: int


class CheckResult(Value, frozen=True, kw_only=True):
    """The findings in one file. `name` is the chat's, or the series'.

    `further` are those of its other sessions, each with what was not found in the first already.
    """

    file: str
    name: str
    chat: Chat | None = None
    timeline: tuple[Slot, ...] = ()
    problems: tuple[Problem, ...] = ()
    previews: dict[str, tuple[PostPreview, ...]] = msgspec.field(default_factory=dict)
    cost: dict[str, Cost] = msgspec.field(default_factory=dict)
    further: tuple[CheckResult, ...] = ()

    @property
    def sessions(self) -> tuple[CheckResult, ...]:
        """The findings of each session, this one first."""
        return self, *self.further

    @property
    def ok(self) -> bool:
        """Whether the chat can be hosted. Warnings do not prevent it."""
        return all(problem.severity != "error" for problem in self.problems)


def check_file(
    path: Path,
    places: Mapping[str, Traits],
    *,
    root: Path | None = None,
    now: datetime | None = None,
    others: Sequence[Chat] = (),
) -> CheckResult:
    """Check a chat file or a `series.toml`.

    `places` has the traits of each configured place; `root` and `now` are as in `load`. A chat
    that overlaps one of `others` gets a warning.
    """
    if path.name == SERIES:
        return CheckResult(file=path_text(path), name=path.absolute().parent.name, problems=load_series(path))
    loaded = load(path, now=now, places=_platforms(places), root=root)
    return _all_checked(loaded, path_text(path), chat_name(path, root), places, now, others)


def check_kept(
    file: ChatFile,
    series: ChatFile | None,
    places: Mapping[str, Traits],
    *,
    now: datetime,
    others: Sequence[Chat] = (),
    planned: Callable[[Chat], Chat] = lambda chat: chat,
) -> CheckResult:
    """Check a file that is kept somewhere, with that of its series. The rest is as in `check_file`.

    `planned` gives a chat the start that it has by now, if that is not its file's: then nothing is said of a start in
    the file that is over or far ahead.
    """
    if is_series(file.name):
        return CheckResult(file=file.where, name=file.name, problems=load_series_file(file))
    loaded = load_file(file, series, now=now, places=_platforms(places))
    if _planned(loaded, planned) != loaded:
        loaded = _planned(load_file(file, series, places=_platforms(places)), planned)
    return _all_checked(loaded, file.where, file.name, places, now, others)


def _planned(loaded: Loaded, planned: Callable[[Chat], Chat]) -> Loaded:
    """The loaded file, with all its sessions at their present starts."""
    further = tuple(_planned(one, planned) for one in loaded.further)
    return replace(loaded, chat=planned(loaded.chat) if loaded.chat else None, further=further)


def _platforms(places: Mapping[str, Traits]) -> dict[str, str]:
    return {name: traits.platform for name, traits in places.items()}


def _all_checked(
    loaded: Loaded, file: str, name: str, places: Mapping[str, Traits], now: datetime | None, others: Sequence[Chat]
) -> CheckResult:
    """The findings of each session; what they share is told once."""
    beside = [*others, *loaded.chats]
    first, *further = (_checked(one, file, name, places, now, beside) for one in loaded.sessions)
    told = set(first.problems)
    rest = (replace(one, problems=tuple(each for each in one.problems if each not in told)) for one in further)
    return replace(first, further=tuple(rest))


def _checked(
    loaded: Loaded, file: str, name: str, places: Mapping[str, Traits], now: datetime | None, others: Sequence[Chat]
) -> CheckResult:
    if loaded.chat is None:
        return CheckResult(file=file, name=name, problems=loaded.problems)
    timeline = all_slots(loaded.chat)
    shown = {name: one for name, one in places.items() if not loaded.chat.places or name in loaded.chat.places}
    posts = post_texts(loaded.chat, timeline, shown)
    post_problems = (
        _post_problem(one, name, shown[name], loaded)
        for name, found in posts.items()
        for one in found
        if _worth_reporting(one)
    )
    at = loaded.positions["starts"]
    both = [*copies(loaded.chat, others, places, now, at)] or [*overlaps(loaded.chat, others, places, now, at)]
    regular = loaded.source is not None and loaded.source.values.weekday is not None
    near = others if regular else ()  # a series without a weekday may have several chats a day
    hints = advice(loaded.chat, loaded.positions, loaded.ignored, others=near, reading=loaded.reading)
    return CheckResult(
        file=file,
        name=loaded.chat.name if loaded.chat.session else name,
        chat=loaded.chat,
        timeline=timeline,
        problems=sorted_problems([*loaded.problems, *post_problems, *both, *hints]),
        previews={name: tuple(_preview(one, shown[name]) for one in found) for name, found in posts.items()},
        cost={name: cost for name, found in posts.items() if (cost := _cost(found, shown[name]))},
    )


def as_data(found: Sequence[CheckResult]) -> object:
    """The data that `check --json` prints: an object for one chat, a list for several."""
    objects = [_result_data(each) for one in found for each in one.sessions]
    return objects[0] if len(objects) == 1 else objects


def _preview(post: PostText, traits: Traits) -> PostPreview:
    return PostPreview(
        key=post.slot.key,
        parts=tuple(PostPart(text=part, length=traits.text.length(part)) for part in post.parts),
        limit=traits.text.limit,
    )


def _cost(posts: Sequence[PostText], traits: Traits) -> Cost | None:
    found = estimate(traits, [part for post in posts for part in post.parts])
    if not found:
        return None
    reading = {name: (low / _DOLLAR, high / _DOLLAR) for name, (low, high) in reading_costs(traits).items()}
    return Cost(low=found[0] / _DOLLAR, high=found[1] / _DOLLAR, currency="USD", reading=reading)


def _worth_reporting(post: PostText) -> bool:
    """Whether the host can do something about it. A second account leaves the bot's own texts to the first."""
    return bool(post.doubt) and (post.doubt != "same" or post.slot.kind == "question")


def _post_problem(post: PostText, place: str, traits: Traits, loaded: Loaded) -> Problem:
    """The problem that makes a place change or skip a post, at the position of its text."""
    label, key = traits.called or place, post.slot.key
    length = traits.text.length(" ".join(post.parts))
    values: dict[str, LazyValue] = {"key": key, "label": lazy(label), "place": place}
    values |= {"length": length, "limit": traits.text.limit, "which": _some_posts(traits)}
    words = lazy(_POST_PROBLEMS[post.doubt], **values)
    file, line, column = loaded.positions.get(key, (loaded.positions["welcome"][0], 1, 1))
    severity: Literal["error", "warning"] = "error" if post.doubt in ("long", "bare") else "warning"
    return Problem(file=file, line=line, column=column, severity=severity, message=words)


def _some_posts(traits: Traits) -> LazyText:
    """The posts of a chat that may have a link in a place, in words."""
    most = traits.text.most_links
    return lazy("{count} of a chat's posts", count=most) if most else lazy("none of a chat's posts")


def _result_data(one: CheckResult) -> object:
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
        },
        enc_hook=encode_lazy,
    )
