"""A pretend hour that has everything a transcript can show, and hostile texts."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat import Chat, Host, Question
from bot.messages import AnyEvent, Author, Gap, Image, Message, MessageHighlighted, Posted, SummaryWritten
from tests.reporting.sample_events import asked, at, chat, edited, said

HOSTILE = (
    "<script>alert(1)</script> & <img src=https://example.org/x.png onerror=alert(1)>",
    "\u202eright to left override, and \u05e9\u05dc\u05d5\u05dd and \u0645\u0631\u062d\u0628\u0627",
    "family \U0001f468\u200d\U0001f469\u200d\U0001f467 zero\u200bwidth @everyone **bold** [link](javascript:alert(1))",
    "a" * 4000,
    "see https://example.org/a?b=c&d=<e> and javascript:alert(1)",
    "[gallery] {{ site.title }} {% include secret %} <!-- wp:html --> --> =cmd|' /C calc'!A0",
)

SUMMARY = (
    "We met **online**.\n\n# Twice\n\n- sound first\n- [the guide](https://example.org/guide)\n\n<b>no</b> {{ x }}"
)


def whole_chat() -> Chat:
    """An hour with four questions; the second has a picture whose file is gone, the fourth was never answered."""
    image = Image(path="/nowhere/map.png", alt="a mind map of groups")
    texts = ("Who helps?", "What is in the picture?", HOSTILE[0], "Anything else?")
    questions = tuple(
        Question(key=f"q{number}", text=text, at=at(10 * number), image=image if number == 2 else None)
        for number, text in enumerate(texts, start=1)
    )
    return chat(0, questions=questions, hosts=(Host(name="Pretend host"), Host(name="Second host")))


def whole_hour() -> list[AnyEvent]:
    """Threads short and long, answers to two questions, late ones, a gap, an edit, links, highlights and a summary."""
    posted: list[Posted] = [
        asked(key, minutes, place=place, id=f"{place}-{key}")
        for place in ("x", "room")
        for key, minutes in (("q1", 10), ("q2", 20), ("q3", 30), ("q4", 40), ("closing", 60))
    ]
    talk: list[Message] = [
        said("0", "Hello from the north", 3),
        said("1", "A1 My neighbour, see https://www.example.org/guide?utm_source=x", 11, url="https://example.org/s/1"),
        *(said(f"2{n}", f"Below it, number {n}", 12 + n, f"{n}", reply_to="1") for n in range(4)),
        said("3", "A1/2 Both in one", 21, "B", place="room"),
        said("4", "A1 Too late for that", 25, "C", url="https://example.org/s/4"),
        said("5", "Only one below this", 26, "D"),
        said(
            "6", "The only one, with https://example.org/guide/", 27, "E", reply_to="5", place="room", reply_place="x"
        ),
        said("7", "After all was over", 66, "A"),
    ]
    more: list[AnyEvent] = [
        edited("5", "Only one below this, edited", 28),
        Gap(place="x", at=at(34), since=at(33), until=at(34)),
        MessageHighlighted(place="x", id="1", at=at(70)),
        MessageHighlighted(place="room", id="3", at=at(71)),
        SummaryWritten(place="x", text=SUMMARY, at=at(72)),
    ]
    return [*posted, *talk, *_hostile(), *more]


def _hostile() -> Iterable[Message]:
    for number, text in enumerate(HOSTILE):
        author = Author(id=f"h{number}", handle=f"@pretend_h{number}", name=text[:60], followers=number)
        reply = f"h{number - 1}" if number % 3 == 1 else None
        yield said(
            f"h{number}", text, 31 + number, author=author, url=f"https://example.org/h/{number}", reply_to=reply
        )
