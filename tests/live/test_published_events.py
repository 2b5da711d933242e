"""What is published of a chat is as its file says, in every file that is written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from io import BytesIO

import msgspec
import pytest

from bot.chat import Host, Publishing
from bot.live.published_events import published_form
from bot.live.unnamed_people import UnnamedPeople, Unnaming
from bot.messages import AnyEvent, Author, Message, Named, Posted, Reaction, Returned, Withdrawn
from bot.messages.event_log import decode
from bot.readable.stand_ins import plain
from bot.reporting.files import prepare
from tests.reporting.sample_events import asked, at, chat, edited, ruled, said, withdrew

KATE = Author(id="7700000001", handle="@kate_ot", name="Kate Pretend", followers=1234)
ALEX = Author(id="8035111022467899", name="Alex Example")

EVENTS: list[AnyEvent] = [
    asked("q1", 10),
    said("100200300", "A1 we meet online", 11, author=KATE, url="https://x.com/kate_ot/status/100200300"),
    Message(
        place="discord",
        id="900100",
        author=ALEX,
        text="<@7700000001> like @Kate_OT and Kate Pretend said: https://x.com/kate_ot/status/100200300",
        names={"<@7700000001>": "@kate_ot"},
        at=at(12),
        url="https://discord.com/channels/1/2/900100",
    ),
    said("100200301", "thanks @lurker_77", 13, author=KATE, reply_to="100200300"),
    edited("100200301", "thanks @lurker_77!", 14),
    said("100200302", "include me", 15, author=KATE, reply_to="bot-q1"),
    Reaction(place="x", id="100200300", author=KATE, at=at(16), emoji="+"),
    Named(place="x", author=KATE, at=at(17)),
]
IDENTIFYING = ("kate", "alex", "7700000001", "8035111022467899", "1002003", "900100", "lurker", "1234", "x.com")


def outputs(publish: Publishing, events: Iterable[AnyEvent]) -> dict[str, bytes]:
    found = {}
    for name, write in prepare(chat(publish=publish), events).writers.items():
        write(file := BytesIO())
        found[name] = file.getvalue()
    return found


def texts(files: dict[str, bytes]) -> list[str]:
    return [one["text"] for one in json.loads(files["transcript.json"])["questions"][0]["messages"]]


def test_with_pseudonyms_nothing_in_any_file_tells_who_somebody_is() -> None:
    thanks = asked("notice", 15.5, text="Thank you @kate_ot and Alex Example!")
    files = outputs("pseudonyms", [*EVENTS, thanks])
    for name, data in files.items():
        shown = data.decode(errors="replace").casefold()
        assert not [one for one in IDENTIFYING if one in shown], name
    first, second, third = texts(files)
    authors = [one["author"] for one in json.loads(files["transcript.json"])["questions"][0]["messages"]]
    kate = authors[0]["name"]
    assert kate.startswith("Participant ")
    assert first == "A1 we meet online"
    assert second == f"{kate} like {kate} and {kate} said: [a post]"
    assert third == "thanks somebody!"
    assert [one["name"] for one in authors].count(kate) == 2
    assert json.loads(files["numbers.json"])["participants"] == 2
    assert "| Impressions | n/a | not given with pseudonyms" in files["transcript.md"].decode()


def test_only_those_who_said_yes_are_shown_and_counted() -> None:
    files = outputs("consented", EVENTS)
    assert texts(files) == ["A1 we meet online", "thanks somebody!"]
    assert json.loads(files["numbers.json"])["participants"] == 1
    assert not [name for name, data in files.items() if b"Alex" in data]
    later = [*EVENTS, Returned(place="discord", author=ALEX, at=at(70)), Withdrawn(place="x", author=KATE, at=at(80))]
    assert len(texts(outputs("consented", later))) == 1


ABOUT = (
    "Thanks @kate_ot, @alex_e, @a_host and Alex Example! https://discord.com/channels/1/2/900100 "
    "https://x.com/kate_ot/status/100200300"
)
NAMING: list[AnyEvent] = [
    Named(place="discord", author=msgspec.structs.replace(ALEX, handle="@alex_e"), at=at(9)),
    *EVENTS,
    said("100200303", f"{ABOUT} and <@8035111022467899>", 15.2, author=KATE, reply_to="bot-q1"),
    asked("notice", 15.5, text=ABOUT),
]


@pytest.mark.parametrize(
    ("publish", "expected"),
    [
        (
            "consented",
            "Thanks @kate_ot, somebody, @a_host and somebody! [a post] https://x.com/kate_ot/status/100200300",
        ),
        ("nobody", "Thanks somebody, somebody, @a_host and somebody! [a post] [a post]"),
    ],
)
def test_who_is_not_shown_is_named_in_nobodys_words_either(publish: Publishing, expected: str) -> None:
    """Hosts stay: the chat's file names them."""
    staffed = chat(publish=publish, hosts=(Host(name="Pretend Host", handles={"x": "@a_host"}),))
    found = {one.at: one for one in published_form(staffed, NAMING) if isinstance(one, Message | Posted)}
    assert found[at(15.5)].text == expected
    assert plain(found[at(15.2)].text).startswith(expected)
    for name, data in outputs(publish, NAMING).items():
        assert not [one for one in (b"alex_e", b"Alex", b"8035111022467899", b"lurker") if one in data], name


def test_of_a_chat_of_which_nothing_is_published_nothing_is() -> None:
    files = outputs("nobody", EVENTS)
    assert not texts(files)
    assert json.loads(files["numbers.json"])["posts"] == 0
    assert not [name for name, data in files.items() for one in (b"online", b"kate", b"Alex") if one in data]


@pytest.mark.parametrize("publish", ["named", "pseudonyms", "consented", "nobody"])
def test_the_published_log_gives_the_same_transcript_when_it_is_read_back(publish: Publishing) -> None:
    files = outputs(publish, EVENTS)
    again = outputs(publish, decode(BytesIO(files["events.jsonl"]), "log"))
    assert again["transcript.json"] == files["transcript.json"]
    assert again["numbers.json"] == files["numbers.json"]
    twice = published_form(chat(publish=publish), published_form(chat(publish=publish), EVENTS))
    assert outputs(publish, twice) == files


def test_the_address_of_an_answer_in_the_thread_of_somebody_left_out_is_not_given() -> None:
    """A thread has the id of the message that began it."""
    began = Message(place="discord", id="900100200300", author=ALEX, text="A1 hello", at=at(11))
    below = msgspec.structs.replace(
        began,
        id="900100200301",
        author=Author(id="8", name="Bo"),
        conversation="900100200300",
        url=f"{IN}/900100200301",
    )
    events: list[AnyEvent] = [asked("q1", 10), began, below, Withdrawn(place="discord", author=ALEX, at=at(60))]
    files = outputs("named", events)
    assert texts(files) == ["A1 hello"]
    assert not [name for name, data in files.items() if b"900100200300" in data]
    assert outputs("named", decode(BytesIO(files["events.jsonl"]), "log")) == files


IN = "https://discord.com/channels/11/900100200300"


def test_a_person_may_come_back_and_take_single_posts_out() -> None:
    own: list[AnyEvent] = [said("1", "A1 first", 11), said("2", "A1 second", 12)]
    own.append(said("3", "leave this out", 13, reply_to="2"))
    assert texts(outputs("named", [asked("q1", 10), *own])) == ["A1 first"]
    others: list[AnyEvent] = [said("4", "take this out", 14, reply_to="1", who="B")]
    assert texts(outputs("named", [asked("q1", 10), *own, *others])) == ["A1 first", "take this out"]
    gone: list[AnyEvent] = [*own, withdrew("A", 20)]
    assert texts(outputs("named", [asked("q1", 10), *gone])) == []
    back: list[AnyEvent] = [*gone, said("5", "Put me back, please", 21), said("6", "put this back", 22, reply_to="2")]
    assert texts(outputs("named", [asked("q1", 10), *back])) == ["A1 first", "A1 second"]


def test_with_pseudonyms_a_text_still_says_what_it_is_and_answers_the_same_question() -> None:
    said_so: list[AnyEvent] = [
        *EVENTS[:2],
        asked("q2", 20),
        said("100200310", "RT @kate_ot: A1 we meet online", 21),
        said("100200311", ".@kate_ot @alex.e A1 yes", 22),
        said("100200312", "https://x.com/kate_ot/status/100200300 is how we do it", 23),
        said("100200313", "@kate_ot leave me out", 24, who="B"),
        said("100200314", "A2 my words", 25, who="B"),
    ]
    named, pseudonyms = (outputs(one, said_so) for one in ("named", "pseudonyms"))
    assert len(texts(named)) == len(texts(pseudonyms)) == 3
    kate = json.loads(pseudonyms["transcript.json"])["questions"][0]["messages"][0]["author"]["name"]
    assert texts(pseudonyms)[1:] == [f".{kate} somebody A1 yes", "[a post] is how we do it"]
    assert not [name for name, data in pseudonyms.items() if b"my words" in data]


def test_who_is_left_out_is_in_nobodys_words_and_their_posts_have_new_ids() -> None:
    """Also where the published log, in which nobody is told of them any more, is read back."""
    room = Author(id="5f1e2d3c", name="Wilhelmina")
    events: list[AnyEvent] = [
        *EVENTS,
        said("700", "A1 by me", 11.5, author=room, place="room"),
        said("100200320", "A1 thanks @kate_ot and Wilhelmina", 16, reply_to="100200300"),
        said("701", "A1 @Wilhelmina, I agree", 17, place="room", reply_to="700", author=Author(id="8", name="Bo")),
        said("100200321", "A1 never to be seen", 18),
        said("100200322", "A1 about it", 18.5, reply_to="100200321"),
        ruled("100200321", "hold", 19),
        Withdrawn(place="x", author=KATE, at=at(60)),
        Withdrawn(place="room", author=room, at=at(60)),
    ]
    files = outputs("named", events)
    for name, data in files.items():
        shown = data.decode().casefold()
        assert not [one for one in ("kate", "wilhelmina", "100200300", "100200321", '"700"') if one in shown], name
    assert "A1 thanks somebody and somebody" in texts(files)
    assert b"Most mentioned" not in files["transcript.html"]
    assert outputs("named", decode(BytesIO(files["events.jsonl"]), "log")) == files


PEOPLE = UnnamedPeople(
    handles={"Kate_OT": "Participant K3F2", "sam": "somebody", "ana.marsh": "somebody", "RaviPhysio": "somebody"},
    names={
        "Kate Smith (she/her)": "Participant K3F2",
        "Will": "somebody",
        "Dr. Zo\u00eb O'Hara": "somebody",
        "OT": "x",
    },
    posts={},
    hashtag="#OTalk",
)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (".@KATE_OT's idea, (@kate_ot)", ".Participant K3F2's idea, (Participant K3F2)"),
        ("\uff20kate_ot, _@kate_ot_ and @kate\\_ot", "Participant K3F2, _Participant K3F2_ and Participant K3F2"),
        ("kate_ot and KATE  SMITH", "Participant K3F2 and Participant K3F2"),
        ("#KateSmith", "#Participant K3F2"),
        ("@sam, and sam is a word", "somebody, and sam is a word"),
        ("Will we? If he will. @will", "somebody we? If he will. somebody"),
        ("Zoe\u0308 O\u2019Hara agrees, says @ana.marsh.", "somebody agrees, says somebody."),
        ("RaviPhysio, not physio", "somebody, not physio"),
        ("https://x.com/sam and twitter.com/kate_ot?s=20", "[a profile] and [a profile]"),
        ("https://linkedin.example/in/kate-smith-12, https://bsky.example/@sam", "[a link], [a link]"),
        ("\u00ab[kate](https://x.com/kate_ot)\u00bb end", "\u00ab[kate]([a profile])\u00bb end"),
        ("**https://x.com/sam**, \u201ctwitter.com/sam\u201d", "**[a profile]**, \u201c[a profile]\u201d"),
    ],
)
def test_people_are_found_however_they_are_written(text: str, read: str) -> None:
    assert Unnaming(PEOPLE).plain(text) == read


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("\u0141ukasz Wa\u0142\u0119sa", "Lukasz Walesa"),
        ("S\u00f8ren", "S\u00d8REN"),
        ("Jens Gro\u00dfmann", "JENS GROSSMANN"),
        ("J\u00fcrgen Klopp", "J\u200bu\u0308rgen Klopp"),
        ("J\u00fcrgen Klopp", "juergen klopp"),
        (
            "\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f \u0639\u0644\u064a",
            "\u0645\u062d\u0645\u062f \u0639\u0644\u064a",
        ),
        ("Sean O'Malley-Brown", "Sean OMalley Brown"),
        ("Sean O'Malley-Brown", "Sean O\u02bcMalley\u2013Brown"),
        ("\u674e\u5c0f\u9f8d", "\u674e\u5c0f\u9f8d"),
    ],
)
def test_a_name_is_found_with_other_letters_and_inside_of_words_where_there_are_no_spaces(name: str, text: str) -> None:
    people = UnnamedPeople(handles={}, names={name: "somebody"}, posts={})
    assert Unnaming(people).plain(f"__{text}__ 我同意 {text}!") == "__somebody__ 我同意 somebody!"
    joined = Unnaming(people).plain(f"我同意{text}的話")
    assert ("somebody" in joined) is (name == "\u674e\u5c0f\u9f8d")


@pytest.mark.parametrize("name", ["Which tools would", "and the", "Best Practice", "2026", "leave me out"])
def test_a_wording_that_somebody_chose_for_a_name_stays_in_others_words(name: str) -> None:
    text = "Which tools would help, and the Best Practice of 2026? To leave: leave me out"
    assert Unnaming(UnnamedPeople(handles={}, names={name: "somebody"}, posts={})).text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "sam@nhs.example",
        "@samantha and Kate Smithson",
        "https://nhs.example/sam/page",
        "(https://nhs.example/a_(b).)\u00bb",
        "an OT at #OTalk",
        "It\\_s so \u00e9",
    ],
)
def test_a_text_in_which_nobody_of_them_is_named_stays_as_it_is(text: str) -> None:
    assert Unnaming(PEOPLE).text(text) == text


def test_the_mark_of_an_answer_is_nobodys_handle() -> None:
    people = UnnamedPeople(handles={"a2": "Participant K3F2", "q17x": "Participant 7Q2M"}, names={}, posts={})
    assert Unnaming(people).text("A2 leaf, says q17x to @a2") == "A2 leaf, says Participant 7Q2M to @Participant_K3F2"
