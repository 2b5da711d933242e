"""Many chats in `convenor status`: what fits a screen, and what is never left out."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from bot.cli.status_overview import overview
from bot.messages import Post
from bot.status import ChatStatus
from bot.store.chats import ChatState
from bot.store.outbox_queries import OutboxRow
from bot.store.post_states import State
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON

WEEK = timedelta(weeks=1)
ZONES = ("Europe/London", "America/New_York")


def chat(week: int, *states: State, waiting: int = 0) -> ChatStatus:
    """One that starts so many weeks and an hour from now."""
    starts = NOON + week * WEEK + timedelta(hours=1)
    of = msgspec.structs.replace(a_chat(starts=starts, name=f"s/week{week:+}"), timezone=ZONES[week % 2])
    rows = []
    for number, state in enumerate(states):
        nonce = f"{week} {number}"
        post = Post(chat=of.name, key=f"q{number}", place="x", kind="question", text="?", nonce=nonce, due=starts)
        rows.append(
            OutboxRow(
                post=post, state=state, next_at=starts, attempts=0, receipt=None, url=None, sent_at=None, error=None
            )
        )
    return ChatStatus(chat=of, state=ChatState(), posts=tuple(rows), waiting=waiting, commands=())


def test_a_year_of_chats_fits_a_screen_with_the_zone_of_each() -> None:
    chats = [chat(week, "planned", "planned", "sent") for week in range(-12, 40)]
    lines = list(overview(chats, NOON, every=False))
    assert len(lines) <= 15
    assert max(map(len, lines)) < 100
    assert lines[0] == "Coming, 40:"
    assert lines[1].split() == ["Tue", "3", "Mar", "13:00", "Europe/London", "s/week+0:", "2", "planned,", "1", "sent"]
    assert lines[2].split()[:5] == ["Tue", "10", "Mar", "09:00", "America/New_York"], "summer time has begun there"
    assert "… and 34 more, the latest Tue 1 Dec 08:00 America/New_York" in lines[7]
    assert [one.split(": ")[0].split()[-1] for one in lines if "s/week-" in one] == ["s/week-1", "s/week-2", "s/week-3"]
    assert "status --all" in lines[-1]
    assert len(list(overview(chats, NOON, every=True))) == 54


def test_whatever_needs_a_person_is_never_left_out() -> None:
    chats = [chat(week) for week in range(-12, 0)]
    chats[0], chats[1] = chat(-12, "sent", "failed"), chat(-11, waiting=2)
    lines = "\n".join(overview(chats, NOON, every=False))
    assert "To look at, 2:" in lines
    assert "s/week-12: 1 sent, 1 failed" in lines
    assert "s/week-11: nothing planned; 2 held" in lines
