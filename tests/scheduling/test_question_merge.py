"""Edited chat files: which question is which, and a model of an hour in which the file is edited at random."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat import Chat, Question
from bot.live.question_matching import Wording, match_questions
from bot.messages import Post
from bot.scheduling import timeline
from bot.scheduling.file_edits import FileEdit, edit_before_start, edit_under_way
from bot.scheduling.known_chats import called_off_file, copied_file, taken_name
from bot.scheduling.planning import move_late_slots
from bot.store.chats import StoredChat
from bot.store.outbox_queries import OutboxRow
from bot.store.planned_posts import REMOVED_FROM_PLAN
from bot.store.post_states import State
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON
from tests.german import in_german

TEXTS = (
    "Which online groups do you run at the moment, and who are they for?",
    "What made your team choose the platform where you meet?",
    "Who helps people to get ready for going home where you work?",
    "How do you measure whether it worked?",
    "When did you last feel cut off from other therapists?",
    "What belongs in a risk assessment for the digital surroundings?",
    "Which of your habits would you give up first?",
    "Name one thing you will try next week, please.",
    "What would help colleagues to know what occupational therapy is?",
    "Has too much information ever made studying harder?",
)
"""Pretend questions that do not resemble each other."""


def file_of(texts: Sequence[str], ids: Sequence[str] = ()) -> Chat:
    chat = a_chat(questions=len(texts))
    own = [*ids, *[""] * (len(texts) - len(ids))]
    questions = [
        msgspec.structs.replace(one, text=text, id=id) for one, text, id in zip(chat.questions, texts, own, strict=True)
    ]
    step = timedelta(minutes=50) / (len(texts) + 1)
    times = [NOON + step * n for n in range(1, len(texts) + 1)]
    return msgspec.structs.replace(
        chat, questions=tuple(msgspec.structs.replace(one, at=at) for one, at in zip(questions, times, strict=True))
    )


def row(key: str, text: str, due: datetime, state: State = "planned") -> OutboxRow:
    post = Post(chat="a/b", key=key, place="x", kind="question", text=text, nonce=f"{key} x", due=due)
    tried = state not in ("planned", "paused", "skipped")
    return OutboxRow(
        post=post, state=state, next_at=due, attempts=int(tried), receipt=None, url=None, sent_at=None, error=None
    )


class Hour:
    """A chat that is on, as the store has it: the posts of its questions by key, and what was asked, in order."""

    def __init__(self, file: Chat) -> None:
        self.now = NOON
        self.asked: list[tuple[str, str]] = []
        self.reports: list[str] = []
        self.rows: dict[str, OutboxRow] = {}
        self._take(edit_before_start(None, (), file, NOON - timedelta(hours=1)), file.ends)

    def edit(self, file: Chat) -> FileEdit:
        edit = edit_under_way(self.stored, list(self.rows.values()), file, self.now)
        self._take(edit, self.stored.ends)
        return edit

    def _take(self, edit: FileEdit, ends: datetime) -> None:
        self.stored = StoredChat(chat=edit.chat, ends=ends, state=edit.state, written=edit.written)
        slots = {slot.key: slot for slot in edit.slots if slot.kind == "question"}
        for key, one in self.rows.items():
            if one.state == "planned" and key in (edit.keys or ()) and key not in slots:
                self.rows[key] = msgspec.structs.replace(one, state="skipped")
        for key, slot in slots.items():
            assert key not in self.rows or self.rows[key].attempts == 0
            self.rows[key] = row(key, slot.text, slot.at)
        self.reports.append(edit.report)

    def waiting(self) -> list[OutboxRow]:
        return sorted((one for one in self.rows.values() if one.state == "planned"), key=lambda one: one.post.due)

    def ask(self, state: State = "sent") -> bool:
        """Ask the next question."""
        if not (left := self.waiting()):
            return False
        post = left[0].post
        self.now = max(self.now, post.due)
        self.rows[post.key] = row(post.key, post.text, post.due, state)
        number, _, text = post.text.removesuffix(" #plain").partition(". ")
        self.asked.append((number, text))
        return True

    def rest(self) -> list[tuple[str, str]]:
        while self.ask():
            pass
        return self.asked


A, B, C, D, E = TEXTS[:5]


@pytest.mark.parametrize(
    ("asked", "edited", "hour"),
    [
        pytest.param(1, [A, C, D], [A, C, D], id="a question that was not asked is deleted"),
        pytest.param(2, [A, C, D], [A, B, C, D], id="one that was asked is deleted"),
        pytest.param(1, [B, A, C, D], [A, B, C, D], id="the first two change places"),
        pytest.param(1, [A, D, C, B], [A, D, C, B], id="the last ones change places"),
        pytest.param(1, [E, A, B, C, D], [A, E, B, C, D], id="one is put before all"),
        pytest.param(2, [A, B, C, D, E], [A, B, C, D, E], id="one is put after all"),
        pytest.param(4, [A, B, C, E, D], [A, B, C, D, E], id="one is put before the last, which was asked"),
        pytest.param(1, [A.replace("moment", "momnet"), B, C, D], [A, B, C, D], id="a typo in what was asked"),
        pytest.param(1, [B, C, D, A.replace("run", "lead")], [A, B, C, D], id="what was asked, reworded and moved"),
        pytest.param(0, [D, B], [D, B], id="nothing was asked yet"),
        pytest.param(1, [A, A, B, C, D], [A, A, B, C, D], id="the same words twice are two questions"),
    ],
)
def test_an_edit_under_way(asked: int, edited: list[str], hour: list[str]) -> None:
    chat = Hour(file_of([A, B, C, D]))
    for _ in range(asked):
        chat.ask()
    chat.edit(file_of(edited))
    assert chat.rest() == [(f"Q{number}", text) for number, text in enumerate(hour, 1)]


@pytest.mark.parametrize("state", ["sending", "ambiguous", "retry", "failed"])
def test_what_may_be_out_counts_as_asked(state: State) -> None:
    chat = Hour(file_of([A, B, C]))
    chat.ask(state)
    chat.edit(file_of([C, A, B]))
    assert chat.rest() == [("Q1", A), ("Q2", C), ("Q3", B)]


def test_an_own_id_is_stronger_than_the_words() -> None:
    chat = Hour(file_of([A, B], ["one", "two"]))
    chat.ask()
    chat.edit(file_of([E, A, B], ["one", "three", "two"]))
    assert chat.rest() == [("Q1", A), ("Q2", A), ("Q3", B)]
    assert "Q1 is out already, in its old words" in chat.reports[-1]


def test_the_report_says_what_was_taken_over_and_what_was_not() -> None:
    chat = Hour(file_of([A, B, C, D]))
    chat.ask()
    edit = chat.edit(file_of([E, D.replace("worked", "has worked"), C]))
    assert edit.report == (
        "Taken over from the chat file: Q2 is new (“When did you last feel cut off from other therapists?”); "
        "Q4 comes as Q3; Q3 has new words; Q3 comes as Q4; "
        "the former Q2 is not asked (“What made your team choose the platform where you meet?”). "
        "Not taken over: Q1 is out already and stays."
    )
    assert in_german(edit.report).endswith("Nicht übernommen: Q1 ist schon gestellt und bleibt.")
    assert chat.edit(file_of([E, D.replace("worked", "has worked"), C])).report == ""


def test_a_german_chat_that_was_away_says_so_in_german() -> None:
    chat = msgspec.structs.replace(a_chat(), language="de")
    rows = [row("q2", "Q2", NOON + timedelta(minutes=20)), row("q3", "Q3", NOON + timedelta(minutes=30))]
    moved = move_late_slots(
        chat, rows, ends=chat.ends, now=NOON + timedelta(minutes=25), grace=timedelta(0), slack=timedelta(hours=1)
    )
    assert moved
    assert moved.notice
    said = "Entschuldigung, wir waren etwa 5 Minuten lang nicht da. Q2 kommt jetzt; wir schließen um 13:00 Uhr. #plain"
    assert moved.notice.text == said


def test_a_file_that_is_not_hosted_is_told_in_german() -> None:
    for why in (copied_file, called_off_file, taken_name):
        for other in ("otalk/home", "otalk/sleep"):
            assert "findet nicht statt" in in_german(why("otalk/home", other))


def test_more_questions_share_the_time_that_is_left_and_fewer_leave_it() -> None:
    chat = Hour(file_of([A, B, C]))
    chat.ask()
    times = [one.post.due for one in chat.waiting()]
    chat.edit(file_of([A, E, B, C]))
    assert [one.post.due for one in chat.waiting()] == [*times, times[-1] + (chat.stored.ends - times[-1]) / 2]
    chat.edit(file_of([A, C]))
    [left] = chat.waiting()
    assert (left.post.key, left.post.due > times[0]) == ("q2", True)


def test_questions_of_one_pattern_are_different_questions() -> None:
    texts = [f"What are the {what} of online groups?" for what in ("risks", "barriers", "benefits")]
    known = [Wording(texts=(text,)) for text in texts]
    assert match_questions(known, [Wording(texts=(text,)) for text in reversed(texts)]) == {0: 2, 1: 1, 2: 0}
    assert match_questions(known[:1], [Wording(texts=(text,)) for text in texts[1:]] + known[:1]) == {2: 0}


# A model of the hour: only who a question is, never where it stands -----------------------------------------

EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.just(0), st.just(0)),
        st.tuples(
            st.sampled_from(["delete", "insert", "swap", "move", "typo", "typo"]), st.integers(0, 9), st.integers(0, 9)
        ),
    ),
    max_size=12,
)


def edited(file: list[tuple[int, str]], spare: list[int], what: str, one: int, other: int) -> None:
    """Change the file, a list of questions with who they are."""
    place = one % max(len(file), 1)
    if what == "insert" and spare:
        who = spare.pop(other % len(spare))
        file.insert(one % (len(file) + 1), (who, TEXTS[who]))
    elif what == "delete" and len(file) > 1:
        spare.append(file.pop(place)[0])
    elif what == "swap" and file:
        to = other % len(file)
        file[place], file[to] = file[to], file[place]
    elif what == "move" and file:
        file.insert(other % len(file), file.pop(place))
    elif what == "typo" and file:
        who, text = file[place]
        at = other % (len(text) - 1)
        mistyped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        file[place] = who, mistyped if text == TEXTS[who] else TEXTS[who]


@settings(max_examples=150, deadline=None)
@given(count=st.integers(1, 5), steps=EDITS)
def test_whatever_is_edited_each_question_is_asked_once_in_order_and_none_is_dropped_silently(
    count: int, steps: list[tuple[str, int, int]]
) -> None:
    file = [(who, TEXTS[who]) for who in range(count)]
    spare = list(range(count, len(TEXTS)))
    hour, asked, before = Hour(file_of([text for _, text in file])), list[int](), list[int]()
    for what, one, other in [*steps, *[("ask", 0, 0)] * len(TEXTS)]:
        left = [who for who, _ in file if who not in asked]
        assert len(hour.waiting()) == len(left)
        if what == "ask":
            if hour.ask():
                asked.append(left[0])
            continue
        before = [who for who, _ in file]
        edited(file, spare, what, one, other)
        hour.edit(file_of([text for _, text in file]))
        assert_told(hour, before, [who for who, _ in file], asked)
    assert not hour.waiting()
    who_was_asked = [closest(text) for _, text in hour.asked]
    assert who_was_asked == asked
    assert [number for number, _ in hour.asked] == [f"Q{number}" for number in range(1, len(asked) + 1)]


def assert_told(hour: Hour, before: list[int], now: list[int], asked: list[int]) -> None:
    """Whoever is gone from the file is named in the report."""
    for who in set(before) - set(now):
        assert ("is out already and stays" if who in asked else "is not asked") in hour.reports[-1]


def closest(text: str) -> int:
    return max(range(len(TEXTS)), key=lambda who: alike(text, TEXTS[who]))


def alike(text: str, other: str) -> int:
    return len(set(pairwise(text)) & set(pairwise(other)))


def test_before_the_start_the_plan_is_the_files_and_what_commands_left_out_stays_so() -> None:
    hour = Hour(file_of([A, B, C]))
    hour.rows["q2"] = msgspec.structs.replace(hour.rows["q2"], state="skipped", error=REMOVED_FROM_PLAN)
    added = Question(key="q4", text=E, at=NOON)
    chat = msgspec.structs.replace(hour.stored.chat, questions=(*hour.stored.chat.questions, added))
    stored: Any = msgspec.structs.replace(hour.stored, chat=chat)
    edit = edit_before_start(stored, list(hour.rows.values()), file_of([D, B, A]), NOON - timedelta(minutes=30))
    slots = [slot for slot in edit.slots if slot.kind == "question"]
    assert [slot.text for slot in slots] == [f"Q1. {D} #plain", f"Q3. {A} #plain", f"Q4. {E} #plain"]
    assert [slot.text for slot in timeline.all_slots(edit.chat) if slot.key == "q2"] == [f"Q2. {B} #plain"]
