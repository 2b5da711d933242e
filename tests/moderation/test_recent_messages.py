"""The memory of people: what it knows of a message's author, and its bounds."""

from __future__ import annotations

from bot.messages import Author
from bot.moderation import recent_messages
from bot.moderation.recent_messages import History, RecentMessages
from bot.store.message_rows import MessageRow
from tests.listening.running_listeners import at


def row(id: str, text: str = "", *, who: str = "a", minutes: float = 11, chat: str | None = "a/b") -> MessageRow:
    return MessageRow(
        place="room",
        id=id,
        chat=chat,
        question="q1",
        reason="floor",
        at=at(minutes),
        author=Author(id=who),
        text=text or f"words of {id}",
        reply_to=None,
        reply_place=None,
        url=None,
    )


def test_adding_a_message_twice_changes_nothing() -> None:
    memory = RecentMessages(8, 60)
    for _ in range(3):
        assert memory.history(row("1")) == History()
        memory.add(row("1"))
    assert memory.history(row("2", "words of 1")).repeated
    assert memory.history(row("2")) == History(False, 2, 0.0, "words of 1")  # noqa: FBT003 -- a row of facts


def test_only_the_window_before_it_counts() -> None:
    memory = RecentMessages(8, 60)
    for minute in (9, 10.5, 10.9, 12):
        memory.add(row(f"{minute}", minutes=minute))
    assert memory.history(row("now")).recent == 3
    assert memory.history(row("now", minutes=8)).pause is None, "told late"


def test_it_is_bounded() -> None:
    memory = RecentMessages(8, 60)
    for number in range(200):
        memory.add(row(str(number), minutes=number / 100))
    mine = memory._people["a/b", "room", "a"]
    assert (len(mine.times), len(mine.texts)) == (9, recent_messages._MOST_TEXTS)
    assert len(mine.said) == recent_messages._MOST_CONTINUED + 1
    for number in range(recent_messages._MOST_PEOPLE + 10):
        memory.add(row("1", who=str(number)))
    assert len(memory._people) == recent_messages._MOST_PEOPLE
    for number in range(recent_messages._MOST_CHATS + 10):
        memory.load(f"a/{number}", lambda _: ())
    assert len(memory._loaded) == recent_messages._MOST_CHATS


def test_a_message_that_could_not_be_stored_may_be_said_again() -> None:
    memory = RecentMessages(1, 60)
    stored = [row(str(number), minutes=10.8 + number / 100) for number in range(9)]
    memory.load("a/b", lambda _: stored)
    before = memory.history(row("next", "the words"))
    for number in range(9):
        memory.add(row(f"next {number}", "the words" if number else "", minutes=10.9 + number / 100))
    memory.clear()
    memory.load("a/b", lambda _: stored)
    assert memory.history(row("next", "the words")) == before
    assert (before.recent, before.before) == (3, "words of 7 words of 8")
    assert memory.history(row("3", "words of 0")).repeated


def test_only_what_is_gone_is_not_waited_for() -> None:
    memory = RecentMessages(8, 60)
    kept = row("1")
    kept.verdict = "keep"
    memory.add(kept)
    memory.forget(kept)
    assert memory.history(row("2", minutes=11.1)).pause == 6
    memory.forget(kept, gone=True)
    assert memory.history(row("2", minutes=11.1)).pause is None


def test_a_message_without_chat_or_author_has_no_history() -> None:
    memory = RecentMessages(8, 60)
    nobody = row("1", chat=None)
    memory.add(nobody)
    memory.forget(nobody)
    assert memory.history(nobody) == History()


def test_what_the_author_wrote_in_the_minute_before_is_known() -> None:
    memory = RecentMessages(8, 60)
    memory.add(row("old", "long ago", minutes=9))
    memory.add(row("other", "not mine", who="b", minutes=10.9))
    memory.add(row("1", "My lady", minutes=10.5))
    memory.add(row("2", f"{'x' * 1000} is", minutes=10.9))
    before = memory.history(row("3", "82")).before
    assert before.startswith("My lady xxx")
    assert before.endswith(" is")
    assert len(before) < 300, "only the end of a long message"
    assert memory.history(row("2", "another text", minutes=10.9)).before == "My lady", "never the message itself"
    assert memory.history(row("4", "82", minutes=11.9)).before == before.removeprefix("My lady "), "just in the minute"
    assert memory.history(row("5", "82", minutes=11.91)) == History(recent=1, pause=60.6)


def test_an_ellipsis_is_not_three_points() -> None:
    memory = RecentMessages(8, 60)
    memory.add(row("1", "Well \u2026 it is what it is, said the physio from the second floor"))
    assert memory.history(row("2", "WELL \u2026 it is what it  is, said the physio from the second floor")).repeated
    assert not memory.history(row("2", "Well ... it is what it is, said the physio from the second floor")).repeated


def test_words_that_were_taken_back_are_forgotten() -> None:
    memory = RecentMessages(8, 60)
    memory.add(row("1", "NHS no 999 123"))
    memory.forget(row("1", "NHS no 999 123"))
    assert memory.history(row("2")).before == ""
    memory.add(row("3", "NHS no 999 123"))
    assert memory.history(row("5")).before == "NHS no 999 123"


def test_of_words_of_the_same_instant_the_first_are_forgotten_first() -> None:
    memory = RecentMessages(8, 60)
    for words in ("yes indeed", "zzz", "my mobile is 07700", "and more"):
        memory.add(row(words, words))
    assert list(memory._people["a/b", "room", "a"].said) == ["zzz", "my mobile is 07700", "and more"]
