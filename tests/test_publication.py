"""The rules of publication: when a record is public."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest

from bot.chat import Chat
from bot.publication import Publication, PublicationChoice, is_concealed, postponed, publication
from bot.reporting.draft_note import draft_note
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON

HOUR = timedelta(hours=1)
CHAT = a_chat()
SOON = msgspec.structs.replace(CHAT, draft=timedelta(0))
NEVER = msgspec.structs.replace(CHAT, publish="nobody")
HIDING, ASKING = (msgspec.structs.replace(CHAT, publish=one) for one in ("pseudonyms", "consented"))
DRAFT = "This is a draft. It is to be published on Thursday 5 March, 13:00 (Europe/London)."
OPEN = "people may write in the room until Tuesday 3 March, 14:00 (Europe/London)"
UNDECIDED, EARLY = PublicationChoice(), PublicationChoice(due=NOON + 2 * HOUR)


def found(hours: float, chat: Chat = CHAT, choice: PublicationChoice = UNDECIDED, *, asked: bool = True) -> Publication:
    """The publication of a chat from noon to one, in a room that is open until two."""
    now, ends = NOON + hours * HOUR, chat.ends
    return publication(chat, choice, now=now, ends=ends, shuts=ends + HOUR, asked=asked)


@pytest.mark.parametrize(
    ("hours", "chat", "choice", "phase", "due"),
    [
        (0.5, CHAT, UNDECIDED, "draft", 49),
        (1, CHAT, UNDECIDED, "waiting", 49),
        (99, CHAT, UNDECIDED, "waiting", 49),
        (1, SOON, UNDECIDED, "waiting", 2),  # not while people write
        (1, CHAT, EARLY, "waiting", 2),
        (1, NEVER, UNDECIDED, "withheld", None),
        (1, CHAT, PublicationChoice(withheld=True), "withheld", None),
        (99, CHAT, PublicationChoice(published_at=NOON + 49 * HOUR), "published", None),
        (99, CHAT, PublicationChoice(published_at=NOON + 49 * HOUR, withheld=True), "withheld", None),
        (99, NEVER, PublicationChoice(published_at=NOON + 49 * HOUR), "withheld", None),
    ],
)
def test_a_record_is_public_only_after_its_second_chance(
    hours: float, chat: Chat, choice: PublicationChoice, phase: str, due: float | None
) -> None:
    one = found(hours, chat, choice)
    assert one.phase == phase
    assert one.due == (None if due is None else NOON + due * HOUR)
    assert one.is_public == (phase == "published")


@pytest.mark.parametrize(
    ("hours", "chat", "choice", "expected"),
    [
        (0.9, CHAT, PublicationChoice(withheld=True), False),  # people are still talking
        (1, CHAT, PublicationChoice(withheld=True), True),
        (99, CHAT, PublicationChoice(published_at=NOON + 49 * HOUR, withheld=True), True),
        (1.9, NEVER, UNDECIDED, False),  # people may still answer
        (2, NEVER, UNDECIDED, True),
        (99, CHAT, UNDECIDED, False),
        (99, CHAT, PublicationChoice(published_at=NOON + 49 * HOUR), False),
        (48, HIDING, UNDECIDED, False),  # people look at it, and object
        (1.9, HIDING, PublicationChoice(published_at=NOON + HOUR), True),  # its host could not wait
        (49, HIDING, PublicationChoice(published_at=NOON + 49 * HOUR), True),
        (49, ASKING, PublicationChoice(published_at=NOON + 49 * HOUR), True),
    ],
)
def test_what_was_said_is_concealed_once_the_chat_is_over_and_its_record_withheld(
    hours: float, chat: Chat, choice: PublicationChoice, *, expected: bool
) -> None:
    now, ends = NOON + hours * HOUR, NOON + HOUR
    assert is_concealed(chat, choice, now=now, ends=ends, shuts=NOON + 2 * HOUR) == expected


def test_a_chat_that_was_called_off_before_anything_was_asked_is_never_due() -> None:
    one = found(99, asked=False)
    assert one.phase == "withheld"
    assert not one.is_due(NOON + 99 * HOUR)


def test_it_is_due_once_the_wait_is_over_and_never_again_once_it_was_published() -> None:
    assert not found(48.9).is_due(NOON + 48.9 * HOUR)
    assert found(49).is_due(NOON + 49 * HOUR)
    assert not found(50, choice=PublicationChoice(published_at=NOON)).is_due(NOON + 50 * HOUR)


def test_more_time_counts_from_when_it_would_be_due_or_from_now_if_that_has_passed() -> None:
    assert postponed(found(2), 24 * HOUR, NOON + 2 * HOUR) == NOON + 73 * HOUR
    assert postponed(found(60), 24 * HOUR, NOON + 60 * HOUR) == NOON + 84 * HOUR


@pytest.mark.parametrize(
    ("hours", "held", "said"),
    [
        (1.5, 1, f"{DRAFT} Still open: {OPEN} and 1 message waits for a moderator."),
        (3, 0, DRAFT),
    ],
)
def test_a_draft_says_that_it_is_one_and_what_is_still_open(hours: float, held: int, said: str) -> None:
    now: datetime = NOON + hours * HOUR
    assert draft_note(found(hours), now=now, zone="Europe/London", shuts=NOON + 2 * HOUR, held=held) == said
    public = found(99, choice=PublicationChoice(published_at=NOON))
    assert not draft_note(public, now=now, zone="Europe/London", shuts=NOON, held=held)


def test_a_draft_of_an_old_chat_says_in_which_year_it_was_due() -> None:
    now = NOON.replace(year=NOON.year + 2)
    said = draft_note(found(99), now=now, zone="Europe/London", shuts=NOON + 2 * HOUR, held=0)
    due = f"Thursday 5 March {NOON.year}, 13:00 (Europe/London)"
    assert said == f"This is a draft. It was to be published on {due}, and is not."
    before = draft_note(found(0), now=now.replace(year=NOON.year - 1), zone="Europe/London", shuts=NOON, held=0)
    assert f"It is to be published on {due}." in before
