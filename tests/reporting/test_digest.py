from __future__ import annotations

import re
from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from bot.messages import AnyEvent, MessageHighlighted, SummaryWritten
from bot.reporting.contents import contents_of
from bot.reporting.digest import WIDTH, digest, flowed
from bot.reporting.imprint import PLAIN, Imprint
from bot.reporting.record import record
from tests.reporting.sample_events import asked, at, chat, said

ASKED = (asked("q1", 10), asked("q2", 20), asked("closing", 60))


def text(*events: AnyEvent, imprint: Imprint = PLAIN) -> str:
    found = record(chat(2), [*ASKED, *events])
    return "".join(digest(contents_of(found), imprint))


def unflowed(text: str) -> str:
    """A text as a mail program shows it: RFC 3676, section 4."""
    shown, whole = [], ""
    for line in text.splitlines():
        found = re.fullmatch(r"(>*)(.*)", line, re.DOTALL)
        assert found
        content = found[2].removeprefix(" ")
        whole += content
        if not content.endswith(" "):
            shown.append(f"{found[1]} {whole}" if found[1] else whole)
            whole = ""
    return "\n".join([*shown, whole] if whole else shown)


def test_the_whole_digest() -> None:
    events = (
        said("1", "A1 We use video, see https://e.org/guide?utm_source=x", 11, url="https://e.org/1"),
        said("2", "Why?", 12, who="B", reply_to="1"),
        said("3", "Hello", 13, place="room", who="C"),
        MessageHighlighted(place="room", id="3", at=at(70)),
        SummaryWritten(place="x", text="Video **works**.\n\n- try it", at=at(70)),
    )
    assert text(*events) == (
        "A pretend chat\n"
        "#OTalk, Tuesday 13 October 2020, 20:00\u201321:00 BST (Europe/London)\n"
        "Hosted by Pretend host.\n\n"
        "3 posts by 3 participants in the room and on X.\n\n"
        "Video works.\n\n- try it\n\n"
        "What the hosts would like you to read:\n\n"
        "> Hello\n\u2013 Pretend participant C in the room, 20:13, Q1\n\n"
        "Q1. Pretend question 1?\n\n"
        "3 answers by 3 participants.\n\n"
        "> A1 We use video, see https://e.org/guide?utm_source=x\n"
        "\u2013 Pretend participant A on X, 20:11, Q1; 1 person replied to it\n"
        "https://e.org/1\n\n"
        "Q2. Pretend question 2?\n\nNobody answered.\n\n"
        "Links that people shared:\n\n"
        "- https://e.org/guide (Pretend participant A)\n\n"
    )


def test_a_draft_and_a_rehearsal_are_marked() -> None:
    marked = text(imprint=Imprint(rehearsal=True, draft="This is a draft."))
    assert "This is a draft.\nThis was a rehearsal: nobody in it is real.\n" in marked


@given(st.text(st.sampled_from("ab >-From\n "), max_size=300))
def test_a_mail_program_shows_the_words_as_they_were(words: str) -> None:
    written = flowed(words)
    assert [line.split() for line in unflowed(written).split("\n")] == [line.split() for line in words.split("\n")]
    assert not re.search(r"(?m)^(?:>|From )", written)


@given(st.text(st.sampled_from("abcdefgh >\n "), max_size=300))
def test_lines_are_short_unless_a_word_is_long(words: str) -> None:
    for line in flowed(words, quote="> ").splitlines():
        assert len(line.rstrip()) <= WIDTH or " " not in line.removeprefix("> ").strip()
        assert line.startswith(">")


def test_it_can_be_sent() -> None:
    mail = EmailMessage()
    events = (said("1", "A1 \u00e4 \U0001f600 " + "long " * 300, 11), said("2", minutes=12, who="B", reply_to="1"))
    mail.set_content(text(*events), params={"format": "flowed"})
    assert mail.get_content_type() == "text/plain"
    assert "\U0001f600" in mail.get_content()
