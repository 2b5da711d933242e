"""The imprint of a chat's files: who runs the chat, and whether it is a rehearsal or a draft."""

from __future__ import annotations

from pathlib import Path

from bot.errors import SetupError
from bot.messages import Value
from bot.ports.community import Community


class Imprint(Value, frozen=True, kw_only=True):
    """The community, and whether the chat was only rehearsed, with pretend people.

    `draft` says that the record is not published yet and what is still open; it is empty for a published one. `ways`
    are the links from the page to the rest of its site: labels and relative addresses. Unless `indexed`, search engines
    are asked to leave the page out.
    """

    community: Community = Community()
    rehearsal: bool = False
    draft: str = ""
    ways: tuple[tuple[str, str], ...] = ()
    indexed: bool = True


PLAIN = Imprint()
"""A real chat of a community that has not said who it is."""


MARK = b" data-rehearsal>"
"""Ends the first tag of a rehearsal's page, and of no other."""


def keep_apart(folder: Path, *, rehearsal: bool) -> None:
    """Raise SetupError if a rehearsal would write over the report of a real chat, or the other way round."""
    try:
        with (folder / "transcript.html").open("rb") as page:
            rehearsed = MARK in page.read(200)
    except OSError:
        return  # nothing of ours is there
    if rehearsed != rehearsal:
        there = "a rehearsal" if rehearsed else "the report of a real chat"
        raise SetupError(f"{folder} has {there}, which is not written over. Give another folder with --out.")
