"""The search language of the pretend X, as far as it is spoken here; anything else is refused with an explanation."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.sims import x_text
from tests.sims.x_problems import Refused, invalid
from tests.sims.x_store import Post, World

LONGEST = 512
"""Characters of a query."""

Test = Callable[[Post], bool]
_TOKEN = re.compile(r'-?"[^"]*"|\S+')


def compile_query(text: str, world: World) -> Test:
    """What a query finds: posts that pass every one of its parts."""
    if len(text) > LONGEST:
        raise _wrong(text, f"Rule length exceeds max allowed length ({LONGEST}): {len(text)}.")
    parts = _TOKEN.findall(text)
    if all(part.startswith(("-", "is:")) for part in parts):
        raise _wrong(text, "Rules must contain at least one positive, non-stopword clause (at position 1)")
    tests = [_part(part, text, world) for part in parts]
    return lambda post: all(test(post) for test in tests)


def _part(part: str, whole: str, world: World) -> Test:
    if part.startswith("-") and len(part) > 1:
        test = _part(part[1:], whole, world)
        return lambda post: not test(post)
    if part == "OR" or part[0] in "()":
        raise _wrong(whole, "this pretend X knows neither OR nor groups")
    if part.startswith('"'):
        return _phrase(part.strip('"'))
    if part.startswith(("#", "＃")):  # noqa: RUF001 -- the wide # is one too
        tag = part[1:].casefold()
        return lambda post: tag in post.tags
    if part.startswith("@"):
        return lambda post: world.id_of(part[1:]) in post.mentions
    operator, colon, value = part.partition(":")
    return _operator(operator, value.removeprefix("@"), whole, world) if colon else _phrase(part)


def _operator(operator: str, value: str, whole: str, world: World) -> Test:
    small = value.casefold()
    known: dict[str, Test] = {
        "from": lambda post: small in {post.by.username.casefold(), post.by.id},
        "to": lambda post: post.reply_to_user is not None and post.reply_to_user in {world.id_of(value), value},
        "conversation_id": lambda post: str(post.conversation) == value,
        "is:retweet": lambda _post: False,
        "is:reply": lambda post: post.reply_to is not None,
        "is:quote": lambda post: post.quote_of is not None,
        "has:links": lambda post: bool(post.links),
    }
    test = known.get(operator if operator not in {"is", "has"} else f"{operator}:{value}")
    if test is None:
        raise _wrong(whole, f"Reference to invalid operator '{operator}:{value}'. Operator is not available here.")
    return test


def _phrase(text: str) -> Test:
    wanted = x_text.words(text)

    def found(post: Post) -> bool:
        has = post.words
        return any(has[at : at + len(wanted)] == wanted for at in range(len(has)))

    return found


def _wrong(query: str, why: str) -> Refused:
    return invalid(f"There were errors processing your request: {why}", query=query)
