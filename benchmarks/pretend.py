"""A pretend chat and pretend messages of the usual size, the same in every run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from benchmarks.guard import ordinary
from bot.chat import Chat, Question
from bot.messages import Author, Message, Posted
from bot.moderation.guard import check_text

STARTS = datetime(2020, 10, 13, 19, 0, tzinfo=UTC)
_TEXT = "A{} We run a weekly group over video, with a phone line for those whose connection drops. #OTalk"


def chat(questions: int = 6) -> Chat:
    """A chat of one hour, with six questions."""
    return Chat(
        name="bench/hour",
        title="An hour",
        hashtag="#OTalk",
        starts=STARTS,
        length=timedelta(hours=1),
        timezone="Europe/London",
        questions=tuple(
            Question(key=f"q{number}", text=f"Question {number}?", at=STARTS + timedelta(minutes=8 * number + 2))
            for number in range(1, questions + 1)
        ),
        welcome="Welcome",
        rules="Be kind",
        closing="Thank you",
    )


def posted(chat: Chat, place: str = "room") -> list[Posted]:
    """The posts of the chat's questions, each on time."""
    return [
        Posted(
            place=place, at=one.at, id=f"post-{one.key}", key=one.key, text=one.text, kind="question", chat=chat.name
        )
        for one in chat.questions
    ]


def messages(wanted: int, start: int = 0) -> list[Message]:
    """Messages by 300 people, spread over the hour: a third with a mark, a fifth replies, the rest with neither."""
    return [_message(number, number / max(wanted, 1)) for number in range(start, start + wanted)]


def _message(number: int, share: float) -> Message:
    question = number % 6 + 1
    return Message(
        place="room",
        at=STARTS + timedelta(seconds=3600 * (share % 1)),
        id=f"m{number}",
        author=Author(id=f"p{number % 300}", name=f"Pretend participant {number % 300}", followers=number % 900),
        text=_TEXT.format(question) if number % 3 == 0 else _TEXT.format("").strip(),
        reply_to=f"post-q{question}" if number % 5 == 1 else None,
        chat="bench/hour",
    )


def conversation(people: int, chat: str, places: Sequence[str]) -> Callable[[datetime], Message]:
    """A source of ordinary clinical messages: each call returns the next one, with the given time.

    The texts are the labelled ones that must be kept, each with its own number, so that none repeats another. `people`
    take turns. A third of the messages are replies to an earlier one.
    """
    texts, number = [text for text in ordinary() if check_text(text).verdict == "keep"], count()

    def next_message(at: datetime) -> Message:
        id = next(number)
        who, place = id % people, places[id % len(places)]
        return Message(
            place=place,
            at=at,
            id=f"t{id}",
            author=Author(id=f"p{who}", name=f"Pretend participant {who}", followers=who % 900),
            text=f"{texts[id % len(texts)]} …{id % 997}",
            reply_to=f"t{id - len(places)}" if id % 3 == 1 and id > len(places) else None,
            chat=chat,
        )

    return next_message
