"""What is found in an announcement, and what is asked: each row is a habit of people who write such posts."""

# ruff: noqa: RUF001 -- dashes and quotes as people write them
from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.authoring.announcement.announcement_text import AnnouncementText
from bot.authoring.announcement.draft import draft
from bot.authoring.announcement.file_formats import read_announcement
from bot.authoring.announcement.found import Draft
from bot.authoring.chatfile import SeriesFile
from bot.translation import LazyText
from docs.translating import marked_texts
from tests.german import in_german

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
OTALK = SeriesFile(hashtag="#OTalk", timezone="Europe/London", weekday="tuesday", time=time(20))
HEAD = "#OTalk 12th January 2027 – Sleep\n\nHosted by Pretend Host (@pretend_h)\n\n"
ASKED = "1. Why?\n2. How?\n"
SEEDS = Path(__file__).parents[4] / "shared" / "seeds"


def drafted(text: str, series: SeriesFile = OTALK, title: str = "") -> Draft:
    made = draft(AnnouncementText(text=text, title=title), series, NOW)
    assert all(in_german(one.why) for one in made.doubts)
    return made


def asked(found: Draft, field: str) -> list[str]:
    """Why a field is doubted, but for what the series settles."""
    return [one.why for one in found.doubts if one.field == field and not one.settled]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Tuesday 12 January 2027", "2027-01-12"),
        ("Tuesday the 12th of January, 2027", "2027-01-12"),
        ("Tues 12 Jan 2027", "2027-01-12"),
        ("January 12th, 2027", "2027-01-12"),
        ("Jan. 12, 2027", "2027-01-12"),
        ("2027-01-12", "2027-01-12"),
        ("12 Jan ’27", "2027-01-12"),
        ("26/01/2027", "2027-01-26"),
        ("01/26/2027", "2027-01-26"),
    ],
)
def test_days_that_are_clear(written: str, day: str) -> None:
    found = drafted(f"#OTalk – Sleep\n\nJoin us on {written} at 8pm\n\n{ASKED}")
    assert (str(found.day), asked(found, "starts")) == (day, [])


@pytest.mark.parametrize(
    ("written", "day", "why"),
    [
        ("12 January", "2027-01-12", "names no year"),
        ("Wednesday 12 January 2027", "2027-01-12", "is a Tuesday, not a Wednesday"),
        ("Wednesday 13 January 2027", "2027-01-13", "the series is on Tuesdays"),
        ("02/03/2027", "2027-03-02", "the other way round"),
        ("31 June 2027", "None", "no such day"),
        ("12 & 19 January 2027", "2027-01-12", "more than one day"),
        ("12 January 2020", "2020-01-12", "is over"),
        ("tonight", "None", "no date"),
        ("Tuesday", "None", "no date"),
        ("", "None", "names no date"),
    ],
)
def test_days_that_are_asked(written: str, day: str, why: str) -> None:
    found = drafted(f"#OTalk – Sleep\n\nJoin us {written} at 8pm\n\n{ASKED}")
    assert str(found.day) == day
    assert why in " ".join(asked(found, "starts"))


@pytest.mark.parametrize(
    ("written", "starts", "zone", "length"),
    [
        ("Dienstag, 13. Oktober 2026, 20 Uhr MESZ", "2026-10-13 20:00", "Europe/Berlin", None),
        ("Dienstag, den 12. Januar 2027, 20:00 Uhr MEZ", "2027-01-12 20:00", "Europe/Berlin", None),
        ("5. J\u00e4nner 2027, 19 Uhr 30 (Wien)", "2027-01-05 19:30", "Europe/Vienna", None),
        ("Sonnabend, 16. J\u00e4n. 2027, zwanzig Uhr Schweizer Zeit", "2027-01-16 20:00", "Europe/Zurich", None),
        ("Di., 13.10.2026, von 20 bis 21 Uhr MESZ", "2026-10-13 20:00", "Europe/Berlin", 60),
        (
            "am 13. Okt. 2026 um halb neun abends deutscher Zeit, eine Stunde lang",
            "2026-10-13 20:30",
            "Europe/Berlin",
            60,
        ),
        ("Mi, 10.03.2027, Viertel nach acht Uhr abends, Berliner Zeit", None, "Europe/Berlin", None),
    ],
)
def test_german_days_and_times(written: str, starts: str | None, zone: str, length: int | None) -> None:
    post = f"Chat: Schlaf im Nachtdienst\nModeration: Cas Pretend (@cas)\n{written}\n\nFrage 1: Warum?\nFrage 2: Wie?\n"
    found = draft(AnnouncementText(text=post), SeriesFile(), datetime(2026, 9, 1, tzinfo=UTC))
    assert found.zone == zone
    assert found.length == (timedelta(minutes=length) if length else None)
    if starts:
        assert f"{found.starts:%Y-%m-%d %H:%M}" == starts
        assert asked(found, "starts") + asked(found, "timezone") == []
    else:
        assert "the other way round" in " ".join(asked(found, "starts"))


@pytest.mark.parametrize(
    ("written", "field", "why"),
    [
        ("Mittwoch, 13. Oktober 2026, 20 Uhr MESZ", "starts", "is a Tuesday, not a Wednesday"),
        ("Dienstag, 13. Oktober 2026, 20 Uhr MEZ", "timezone", "show CEST, not MEZ"),
        ("Dienstag, 12. Januar 2027, 20 Uhr MESZ", "timezone", "show CET, not MESZ"),
        ("Dienstag, 13. Oktober, 20 Uhr MESZ", "starts", "names no year"),
        ("Dienstag, 13. Oktober 2026, 8 Uhr MESZ", "starts", "morning or the evening"),
        ("Dienstag, 13. und 20. Oktober 2026, 20 Uhr MESZ", "starts", "more than one day"),
        ("Dienstag, 13. Oktober 2026 f\u00e4llt aus, 20 Uhr MESZ", "starts", "not on the day"),
        ("Eine Woche nach Dienstag, 13. Oktober 2026, 20 Uhr MESZ", "starts", "from another one"),
        ("Dienstag, 13. Oktober 2026, kurz nach acht Uhr", "starts", "names no time"),
        ("Heute Abend um 20 Uhr MESZ", "starts", "names a day, but no date"),
    ],
)
def test_german_days_and_times_that_are_asked(written: str, field: str, why: str) -> None:
    post = f"Chat: Schlaf im Nachtdienst\nModeration: Cas Pretend (@cas)\n{written}\n\nFrage 1: Warum?\nFrage 2: Wie?\n"
    found = draft(AnnouncementText(text=post), SeriesFile(), datetime(2026, 9, 1, tzinfo=UTC))
    assert why in " ".join(asked(found, field))


def test_summer_time_is_called_as_in_the_language_of_whoever_reads_it() -> None:
    post = "Chat: Schlaf\nModeration: Cas Pretend (@cas)\n{}, 20 Uhr MEZ\n\nFrage 1: Warum?\nFrage 2: Wie?\n"
    found = drafted(post.format("Dienstag, 13. Juli 2027"), SeriesFile())
    [why] = [one.why for one in found.doubts if one.field == "timezone"]
    assert "in Berlin MESZ, nicht MEZ" in in_german(why)
    assert asked(drafted(post.format("Dienstag"), SeriesFile()), "timezone") == [], "without a day nobody can tell"


ALONE = SeriesFile()
"""A series that settles nothing."""

KINDS = (
    (f"#OTalk 12 January 2027\n\nBy A Pretend\n\nOur guest: Ann Feign (@ann)\n\n{ASKED}", OTALK),
    *((f"#OTalk – Sleep\n\nJoin the chat {when}\n\n{ASKED}", OTALK) for when in (
        *("12 January", "Wednesday 12 January 2027", "Wednesday 13 January 2027", "02/03/2027", "31 June 2027", ""),
        *("12 & 19 January 2027", "12 January 2020", "tonight", "on Tuesday 12 January 2027, 8pm for 48 hours"),
        *("on 12 January 2027, 8pm, and not on 19 January 2027, 8pm", "on 13 July 2027 at 8pm GMT"),
        "on 12 January 2027 at 8pm. We start at lunchtime",
        *("on 12 January 2027 at 8pm IST", "on 12 January 2027 at 8:00", "on 12 January 2027, 7pm, again at 9pm"),
        *("on 12 January 2027 at 8pm UTC+1", "on January 12, 2027 at 8pm Central time", "12 January 2027, 8pm-8pm"),
        *("one week after Tuesday 12 January 2027, 8pm", "on 12 January 2027, 8pm. Or one week later.",
          "on 12 January 2027, 8pm, which is cancelled"),
        *("on 28 March 2027 at 1.30am UK time", "on 31 October 2027 at 1.30am UK time"),
    )),
    *((HEAD + written, OTALK) for written in (
        *("Why do we sleep?\n\nWhat helps?\n", "We will ask: why? and how?", "There will be cake.", "Q1 Why?\nQ3 How?"),
        *("1. Why?\n2. How?\n" + "More.\n\n" * 4 + "3. Who?\n4. When?", "1. 8pm: Why?\n2. 8.10pm: How?"),
        "1. Why?\n2. How?\n" + "More.\n\n" * 8 + "3. Night work",
        "Q1 Why?\nQ2 How?\n\nNext week\n\nQ1 Who?\nQ2 When?",
        *("Q1 Why?\nWho?\nQ2 How?", "Q1 True or false?\nAll sleep.\nQ2 How?",
          "Q1 Why? (Or not\nQ2 How?", "Q1 Why? Q3 Who?\nQ2 How?"),
        *("Opening question: who?\nQ1 Why?\nQ2 How?", "- Why?\n\nSome do.\n\n- How?"),
        "Q1 Why?\nQ2 How?\n\nPart two\n\n1. Who?\n2. When?",
        "Questions for the chat:\n\n1. Sleep.\n2. Rest.\n3. Work?\n   a) At home\n",
    )),
    (HEAD + ASKED, ALONE),
    (HEAD + ASKED, SeriesFile(hashtag="#WeNurses", timezone="Europe/London", time=time(20), length=timedelta(hours=1))),
    (f"Sleep\n\n#A1b and #B2c\n{ASKED}", ALONE),
    (f"Sleep\n\n{ASKED}", OTALK),
    (f"Sleep\n\n{ASKED}", ALONE),
    (f"* a\n* b\n\n{ASKED}", ALONE),
    ("12 January 2027", ALONE),
    (f"Sleep\n\nThe book appears 19 January 2027.\n\n{ASKED}", ALONE),
    (f"Sleep\n\nThe book that we all have read by now appeared on 19 January 2027.\n\n{ASKED}", ALONE),
    (f"Sleep\n\nSubmit by 19 January 2027.\n\n{ASKED}", ALONE),
    (f"Sleep\n\nPosted on 3 January 2027 by admin\n\nJoin us tonight at 8pm.\n\n{ASKED}", ALONE),
    *((f"Sleep\n\nBy A Pretend\n\n{who}\n\n{ASKED}", ALONE) for who in (
        *("I'll host with B Pretend.", "Host: A Pretend, Leeds", "Host: A Pretend and the team (@team)",
          "Hosted by A Pretend, with B Pretend supporting"),
    )),
    (f"12 January 2027 and 19 January 2027, 8pm\n\n{ASKED}\n\nNext week\n\n1. Who?\n2. When?", OTALK),
)  # fmt: skip
"""Announcements that bring every kind of doubt between them, each with its series."""

FINDERS = {"left_out", "dates", "times", "lengths", "draft", "titles", "people", "questions"}


def test_every_kind_of_doubt_can_be_said_in_german() -> None:
    doubts = [one for text, series in KINDS for one in drafted(text, series).doubts]
    said = {one.why for one in doubts} | {one.assumed for one in doubts if one.assumed}
    finders = {f"bot/authoring/announcement/{name}.py" for name in FINDERS}
    ours = {str(one.id) for one in marked_texts() if finders & {file for file, _line in one.locations}} - {" or "}
    forms = {one: re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(one))) for one in ours}
    assert sorted(one for one, form in forms.items() if not any(map(form.fullmatch, said))) == []
    for one in doubts:
        assert one.assumed is None or not isinstance(one.assumed, LazyText) or in_german(one.assumed)


@pytest.mark.parametrize(
    "above",
    [
        "Von: Cas Pretend <cas@example.org>\nGesendet: Montag, 5. Oktober 2026 09:12\nAn: Team\nBetreff: {title}\n",
        "Von: Cas Pretend\nDatum: 5. Oktober 2026 um 09:12:33 MESZ\nBetreff: WG: {title}\n",
        "-- Urspr\u00fcngliche Nachricht --\nVon: Cas\nGesendet: Montag, 5. Oktober 2026 09:12\nBetreff: {title}\n",
        "Am Mo., 5. Okt. 2026 um 09:12 Uhr schrieb Cas Pretend <cas@example.org>:\n",
        "Ver\u00f6ffentlicht am 5. Oktober 2026 von Cas Pretend\n",
    ],
    ids=["Outlook", "Apple", "forwarded", "quoted", "blog"],
)
@pytest.mark.parametrize("below", ["", "\nAm Mo., 5. Okt. 2026 um 09:12 schrieb Bo Pretend:\n> Am 20. Oktober 2026?\n"])
def test_when_a_german_text_was_sent_or_posted_is_not_when_the_chat_is(above: str, below: str) -> None:
    title = "Schlafen im Nachtdienst"
    text = f"{title}\n\nDienstag, 13. Oktober 2026, 20 Uhr MESZ\n\nFrage 1: Warum?\nFrage 2: Wie?\n"
    announcement = read_announcement(f"{above.format(title=title)}\n{text}{below}".encode())
    found = draft(announcement, SeriesFile(), datetime(2026, 9, 1, tzinfo=UTC))
    assert f"{found.starts:%Y-%m-%d %H:%M}" == "2026-10-13 20:00"
    assert asked(found, "starts") == []
    assert found.questions == ("Warum?", "Wie?")


def test_the_days_of_other_things_are_not_taken() -> None:
    text = (
        "Sleep\n\nPosted on 3 January 2027 by admin\n\nJoin our #OTalk chat on Tuesday 12 January 2027.\n\n"
        f"Abstracts: deadline 19 January 2027. The guideline was launched on 5 May 2019.\n\n{ASKED}"
    )
    found = drafted(text)
    assert (str(found.day), asked(found, "starts")) == ("2027-01-12", [])


def test_two_days_that_disagree_are_asked() -> None:
    found = drafted(f"#OTalk 12 January 2027 – Sleep\n\nOur chat is on Tuesday 19 January 2027 at 8pm.\n\n{ASKED}")
    assert "two days" in " ".join(asked(found, "starts"))


@pytest.mark.parametrize(
    ("written", "clock", "zone", "length"),
    [
        ("8pm", "20:00:00", "Europe/London", None),
        ("8-9pm UK time", "20:00:00", "Europe/London", 60),
        ("8.30 – 9.15 p.m.", "20:30:00", "Europe/London", 45),
        ("11am-1pm", "11:00:00", "Europe/London", 120),
        ("20:00–21:00 GMT", "20:00:00", "Europe/London", 60),
        ("2000hrs", "20:00:00", "Europe/London", None),
        ("noon Eastern", "12:00:00", "America/New_York", None),
        ("eight in the evening", "20:00:00", "Europe/London", None),
        ("half seven in the evening", "19:30:00", "Europe/London", None),
        ("a quarter to eight pm", "19:45:00", "Europe/London", None),
        ("seven thirty in the evening UK time", "19:30:00", "Europe/London", None),
        ("ten past seven this evening", "19:10:00", "Europe/London", None),
        ("noon until one UK time", "12:00:00", "Europe/London", 60),
        ("eight until nine in the evening", "20:00:00", "Europe/London", 60),
        ("8pm for an hour and a half", "20:00:00", "Europe/London", 90),
        ("8pm AEDT (Sydney)", "20:00:00", "Australia/Sydney", None),
        ("8pm Sydney time", "20:00:00", "Australia/Sydney", None),
        ("8pm GMT (3pm EST, 7am AEDT)", "20:00:00", "Europe/London", None),
    ],
)
def test_times(written: str, clock: str, zone: str, length: int | None) -> None:
    series = SeriesFile(hashtag="#OTalk", timezone="Europe/London")
    found = drafted(f"#OTalk 12 January 2027 – Sleep\n\nJoin the chat at {written}\n\n{ASKED}", series)
    assert (str(found.clock), found.zone) == (clock, zone)
    assert found.length == (timedelta(minutes=length) if length else None)
    assert asked(found, "starts") + asked(found, "timezone") == []


@pytest.mark.parametrize(
    ("day", "written", "field", "why"),
    [
        ("13 July 2027", "8pm GMT", "timezone", "show BST, not GMT"),
        ("12 January 2027", "8pm BST", "timezone", "show GMT, not BST"),
        ("12 October 2027", "8pm EST", "timezone", "show EDT, not EST"),
        ("12 January 2027", "8pm IST", "timezone", "India, Ireland or Israel"),
        ("12 January 2027", "8:00", "starts", "morning or the evening"),
        ("12 January 2027", "8pm GMT, and again at 8pm AEDT", "starts", "One chat has one start"),
        ("12 January 2027", "7pm", "starts", "another time than the series"),
        ("12 January 2027", "8pm for 48 hours", "length", "how long"),
    ],
)
def test_times_that_are_asked(day: str, written: str, field: str, why: str) -> None:
    found = drafted(f"#OTalk {day} – Sleep\n\nJoin the chat at {written}\n\n{ASKED}")
    assert why in " ".join(asked(found, field))


def test_what_the_series_settles_is_said() -> None:
    found = drafted(HEAD + ASKED)
    assert found.starts == datetime(2027, 1, 12, 20)  # noqa: DTZ001 -- by the clock of the zone
    assert [one.field for one in found.doubts if one.settled] == ["length", "starts", "timezone"]
    alone = drafted(HEAD + ASKED, SeriesFile())
    assert (alone.starts, alone.zone) == (None, None)
    assert asked(alone, "starts") == ["The text names no time. Write when the chat begins."]


@pytest.mark.parametrize(
    ("written", "texts"),
    [
        ("1. Why?\n2. How?", ["Why?", "How?"]),
        ("6.What?\n7.Who?", ["What?", "Who?"]),
        ("Q1 Why\nQ2 How", ["Why", "How"]),
        ("Q1: Why?\n\nSome background.\n\nQ2: How?", ["Why?", "How?"]),
        ("T1: Tell us of one.\nT2: And another.", ["Tell us of one.", "And another."]),
        ("Question one – why?\nQuestion two – how?", ["why?", "how?"]),
        ("(1) Why?\n(2) How?", ["Why?", "How?"]),
        ("a) Why?\nb) How?", ["Why?", "How?"]),
        ("1️⃣ Why?\n2️⃣ How?", ["Why?", "How?"]),
        ("Some questions:\n\n• Why is\n  that so?\n• How?", ["Why is that so?", "How?"]),
        ("1. Why do we sleep so badly when we work at night on a ward, and what\nhelps?\n2. How?",
         ["Why do we sleep so badly when we work at night on a ward, and what helps?", "How?"]),
        ("1.\nWhy?\n2.\nHow?", ["Why?", "How?"]),
        ("One. Why?\nTwo. How?", ["Why?", "How?"]),
        ("First question: why?\nSecond question: how?", ["why?", "how?"]),
        ("Q1 Why? Q2 How?", ["Why?", "How?"]),
        ("8.05 pm\tQ1\tWhy?\n8.20 pm\tQ2\tHow?", ["Why?", "How?"]),
        ("\u2753 Why?\n\u2753 How?", ["Why?", "How?"]),
        ("Questions\nwhy is that so?\nhow?", ["why is that so?", "how?"]),
        ("Question 1\nRest is a skill.\nIs it taught?\nQuestion 2\nHow?", ["Rest is a skill. Is it taught?", "How?"]),
        ("Q1 Finish: \u201cSleep is\n\u2026\u201d\nQ2 How?", ["Finish: \u201cSleep is \u2026\u201d", "How?"]),
        ("Q1 Finish this:\nSleep is like \u2026\nQ2 How?", ["Finish this: Sleep is like \u2026", "How?"]),
        ("1st question: why?\n2nd question: how?", ["why?", "how?"]),
        ("Erste Frage: Warum?\nZehnte Frage: Wie?", ["Warum?", "Wie?"]),
        ("Fragen:\n\nWarum?\nErz\u00e4hlen Sie davon.\nWie?", ["Warum?", "Erz\u00e4hlen Sie davon.", "Wie?"]),
        ("1 Why?\n2 How?", ["Why?", "How?"]),
        ("#1 Why?\n#2 How?", ["Why?", "How?"]),
        ("1/ Why?\n2/ How?", ["Why?", "How?"]),
        ("1- Why?\n2- How?", ["Why?", "How?"]),
        ("Q1 Why (in 2019.\nIt was long ago)?\nQ2 How?", ["Why (in 2019. It was long ago)?", "How?"]),
        ("1. Why?\n\nPrompt: your ward.\n\n1. How?\n\nPrompt: at home.\n\n1. Who?", ["Why?", "How?", "Who?"]),
        ("1. Sleep\n\n1. Why?\n2. How?", ["Why?", "How?"]),
        ("Q1 Why?\nQ2 How?\nClosing question: who?", ["Why?", "How?", "who?"]),
        ("1. Why?\n2. How?\n\nAnd a last one: who?\n(Bonus question: where?)", ["Why?", "How?", "who?", "where?"]),
        ("Q1 Why?\nQ2 How?\nBonus Q: who?", ["Why?", "How?", "who?"]),
        ("1. Warum?\n2. Wie?\nLetzte Frage: wer?\nZusatzfrage: wo?", ["Warum?", "Wie?", "wer?", "wo?"]),
        ("Q1 Why?\nQ2 How?\nQ3. Would you sit? Q4. Or stand?", ["Why?", "How?", "Would you sit?", "Or stand?"]),
        ("1. Why?\n2. Would you sit? 3. Or stand?", ["Why?", "Would you sit?", "Or stand?"]),
        ("T1: Why? T2: How?\nT3: Who? T4: When?", ["Why?", "How?", "Who?", "When?"]),
        ("Frage 1: Warum? Frage 2: Wie?\nFrage 3: Wer?", ["Warum?", "Wie?", "Wer?"]),
        ("- \u2753 Why?\n- \u2753 How?", ["Why?", "How?"]),
        ("- 1. Why?\n- 2. How?", ["Why?", "How?"]),
        ("1. \u2753 Why?\n2. \u2753 How?", ["Why?", "How?"]),
        ("1. Frage: Warum?\n2. Frage: Wie?", ["Warum?", "Wie?"]),
        ("1) **Question:** Why?\n2) **Question:** How?", ["Why?", "How?"]),
    ],
)  # fmt: skip
def test_questions(written: str, texts: list[str]) -> None:
    assert list(drafted(HEAD + written).questions) == texts


def test_lists_of_other_things_are_no_questions() -> None:
    text = (
        f"{HEAD}We will explore these themes:\n\n1. Rest\n2. Night work\n\nSome questions to consider:\n\n{ASKED}\n"
        "References\n\n1. Pretend, A. (2019) Why sleep? https://example.org\n2. Pretend, B. (2020) What is rest?\n"
    )
    assert drafted(text).questions == ("Why?", "How?")


def test_parts_are_asked_together_and_told() -> None:
    found = drafted(f"{HEAD}1. What helps?\n   a) at home\n   b) on the ward\n2. How?\n")
    assert found.questions == ("What helps? (a) at home (b) on the ward", "How?")
    assert "It has parts" in asked(found, "questions.1")[0]


@pytest.mark.parametrize(
    ("written", "texts", "why"),
    [
        ("Why do we sleep?\n\nWhat helps?\n", ["Why do we sleep?", "What helps?"], "have no numbers"),
        ("Our questions: 1) Why? 2) How?", ["Why?", "How?"], "one sentence"),
        ("We ask two questions. Why? How?", ["Why?", "How?"], "one sentence"),
        ("We will ask: why? and how?", ["why?", "how?"], "one sentence"),
        ("There will be cake.", [], "Nothing in the text"),
        ("Q1 Why?\nQ3 How?", ["Why?", "How?"], "Is one missing"),
        ("6. Why?\n7. How?", ["Why?", "How?"], "Is one missing"),
        (
            "1. Why?\n2. How?\n" + "More.\n\n" * 4 + "3. Who?\n4. When?",
            ["Why?", "How?", "Who?", "When?"],
            "go on here, after other text",
        ),
        ("Q1 Why?\nQ2 How?\n" + "More.\n\n" * 8 + "Q3 Who?", ["Why?", "How?", "Who?"], "go on here, after"),
        ("1. Why?\n2. How?\n" + "More.\n\n" * 8 + "3. Night work", ["Why?", "How?"], "this was left out"),
        ("Q1 Why?\nQ2 How?\n\nNext week\n\nQ1 Who?\nQ2 When?", ["Why?", "How?"], "Two lists"),
        ("Q1 Why?\nAnd who?\nQ2 How?", ["Why? And who?", "How?"], "a line of its own"),
        ("Q1 Why?\nQ2 How?\nAnd who?", ["Why?", "How?"], "in none of the questions"),
        ("Q1 Why?\n\nAnd who?\n\nQ2 How?", ["Why?", "How?"], "in none of the questions"),
        ("Q1 Why? (Or not\n\nQ2 How?", ["Why? (Or not", "How?"], "opened here and not closed"),
        ("Q1 Why \u201cso\n\nQ2 How?", ["Why \u201cso", "How?"], "opened here and not closed"),
        ("Q1 True or false?\nAll sleep.\nQ2 How?", ["True or false?", "How?"], "below a question and was left out"),
        ("Q1 Why? Q3 Who?\nQ2 How?", ["Why? Q3 Who?", "How?"], "mark of another question"),
        ("Opening question: who?\nQ1 Why?\nQ2 How?", ["who?", "Why?", "How?"], "no number in the text"),
        ("- Why?\n\nSome do.\n\n- How?\n\n- Who?", ["Why?", "How?", "Who?"], "Other text stands between"),
        ("- Why?\n\n- How?\n\nSome do.\n\n- Who?", ["Why?", "How?", "Who?"], "Other text stands between"),
        ("- Why?\n\nPrompt: at home.\n\n- How?\n\n- Who?", ["Why?", "How?", "Who?"], "Other text stands between"),
        ("Question: why?\nQuestion: how?", ["why?", "how?"], "have no numbers"),
    ],
)
def test_questions_that_are_asked(written: str, texts: list[str], why: str) -> None:
    found = drafted(HEAD + written)
    assert list(found.questions) == texts
    assert why in " ".join(one.why for one in found.doubts if one.field.startswith("questions"))


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Q1 Why?\nQ2 How?\n\nPart two\n\n1. Who pays?\n2. Who gains?", "Who pays? Who gains?"),
        ("Q1 Why?\n\nA pause. Who is tired by now?\n\nQ2 How?", "Who is tired by now?"),
        ("Q1 Why?\nQ2 How?\n\nIf there is time: what did we miss?", "If there is time: what did we miss?"),
        ("- Who came?\n\nQuestions:\n\n1. Why?\n2. How?", "Who came?"),
        ("Q1 Why?\nQ2 How?\n\nCan't make it? Read the transcript. Any questions?", ""),
        ("Q1 Why?\nQ2 How?\n\n1. Pretend, A. (2019) Why sleep?", ""),
        (f"Q1 Why?\n\n{'Much is known of sleep. ' * 6}Is it enough?\n\nQ2 How?", ""),
        ("Q1 Why?\nQ2 How?\n" + "More of this.\n\n" * 6 + "Who are we?", ""),
    ],
)  # fmt: skip
def test_what_asks_near_the_questions_and_is_in_none_is_named(written: str, words: str) -> None:
    found = drafted(HEAD + written)
    assert found.questions == ("Why?", "How?")
    assert [one.said for one in found.doubts if "in none of the questions" in one.why] == ([words] if words else [])


def test_a_sad_face_and_inches_open_no_bracket() -> None:
    found = drafted(f'{HEAD}Q1 Why rest :( ?\nQ2 How do 5" wheels help?')
    assert asked(found, "questions.1") + asked(found, "questions.2") == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("#OTalk 12th January 2027 – Sleep, and why it matters", "Sleep, and why it matters"),
        ("Sleep and rest | #OTalk Tuesday 12 January 2027, 8-9pm GMT", "Sleep and rest"),
        ("#OTalk\nTopic: Sleep\nDate: 12 January 2027", "Sleep"),
        ("Hi all,\n\nOur next chat is about “Sleep well” on 12 January 2027.", "Sleep well"),
        ("OTalk Blog – Sleep and rest – #OTalk", "Sleep and rest"),
        ("[list] Re: OTalk: Sleep and rest", "Sleep and rest"),
        ("Our chat next Thursday: Sleep and rest", "Sleep and rest"),
        ("Save the date!\n\nJoin us for “Sleep and rest”, 12 January 2027. #OTalk", "Sleep and rest"),
        ("This week's chat: Sleep and rest", "Sleep and rest"),
        ("Chat #112 | Sleep and rest | hosted by @a_p", "Sleep and rest"),
        ("#OTalk Twitter-Chat: Schlaf im Dienst", "Schlaf im Dienst"),
        ("#OTalk am Dienstag, 13. Oktober 2026: Schlaf im Dienst", "Schlaf im Dienst"),
        ("Einladung zum #OTalk am 13. Oktober: Schlaf im Dienst", "Schlaf im Dienst"),
        ("PRESS RELEASE\n\nTweetchat on sleep: less is more?", "Sleep: less is more?"),
        ("Next up on #OTalk (12 January 2027, 1 hour): Sleep and rest w/ @a_p", "Sleep and rest"),
        ('Episode 88 • "Sleep and rest" • 12 January 2027', "Sleep and rest"),
        ("Book club – June: “The Salt Road” by A. N. Author", "“The Salt Road” by A. N. Author"),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert drafted(f"{text}\n\n{ASKED}").title == title


@pytest.mark.parametrize(
    ("written", "hosts"),
    [
        ("Hosted by Pretend Host (@pretend_h).", [("Pretend Host", "@pretend_h")]),
        ("will be hosted by By Pretend Host, @pretend_h.", [("Pretend Host", "@pretend_h")]),
        ("Hosts: A Pretend and B Pretend (@a_p and @b_p)", [("A Pretend", "@a_p"), ("B Pretend", "@b_p")]),
        ("Host: @a_p and @b_p", [("a_p", "@a_p"), ("b_p", "@b_p")]),
        ("Our guest host is Dr. Pat Pretend (@pp), who works in Leeds.", [("Pat Pretend", "@pp")]),
        (
            "Your hosts this month: A Pretend (@a_p) and Prof. B Pretend (@b_p)",
            [("A Pretend", "@a_p"), ("B Pretend", "@b_p")],
        ),
        ("Come and talk with Pat Pretend (@pp).", [("Pat Pretend", "@pp")]),
        ("Led by Pat Pretend.\n\nTwitter: @pat_pretend", [("Pat Pretend", "@pat_pretend")]),
        ("Hosted by A Pretend (@a_p) and nurse B Pretend (@b_p)", [("A Pretend", "@a_p"), ("B Pretend", "@b_p")]),
        ("Pat Pretend will be hosting tonight. Thanks to @someone.", [("Pat Pretend", "")]),
        ("Hosts\nA Pretend (@a_p), Leeds\nB Pretend (@b_p)", [("A Pretend", "@a_p"), ("B Pretend", "@b_p")]),
        ("Your hosts are nurse A Pretend (@a_p) and B Pretend (@b_p)", [("A Pretend", "@a_p"), ("B Pretend", "@b_p")]),
        ("@a_p and @b_p are your hosts.", [("a_p", "@a_p"), ("b_p", "@b_p")]),
        ("Host: @a_p (Dr A Pretend)", [("A Pretend", "@a_p")]),
        ("Host: A Pretend (@a_p), Pretend Public Library", [("A Pretend", "@a_p")]),
        ("Our special guest is A Pretend from Leeds.", [("A Pretend", "")]),
        ("Host: B Pretend (@b_p)\nGuest: A Pretend (@a_p)", [("B Pretend", "@b_p")]),
        ("Our topic is sleep, and A Pretend (@a_p) will be leading it.", [("A Pretend", "@a_p")]),
        ("A tweetchat with @a_p and @b_p", [("a_p", "@a_p"), ("b_p", "@b_p")]),
        ("A tweetchat with @OTalkChat", []),
        ("Led by A Pretend and B Pretend\nHandles: @h1 @h2", [("A Pretend", "@h1"), ("B Pretend", "@h2")]),
        ("By Pat Pretend\n\nI'm Pat (@pp) and delighted to host.", [("Pat Pretend", "@pp")]),
        ("By Pat Pretend, Lecturer in Pretending @ The University", [("Pat Pretend", "")]),
        ("Hosted by Pat Pretend, Lecturer in X at Y, and Bo Pretend @bo", [("Pat Pretend", ""), ("Bo Pretend", "@bo")]),
        ("Gastgeberin: Dr. A Pretend (Uni Wien)", [("A Pretend", "")]),
        ("Gastgeber: A Pretend und B Pretend (@b_p)", [("A Pretend", ""), ("B Pretend", "@b_p")]),
        ("Gastgeberinnen: A Pretend und B Pretend", [("A Pretend", ""), ("B Pretend", "")]),
        ("Moderation: A Pretend, Universit\u00e4t Wien", [("A Pretend", "")]),
        ("Moderiert wird der Chat von A Pretend.", [("A Pretend", "")]),
        ("Host: A Pretend (Leeds)", [("A Pretend", "")]),
        ("Hosted by Ann Pretend of Chairs UK and B Pretend", [("Ann Pretend", ""), ("B Pretend", "")]),
        ("Hosted by the Friends of Sleep (@fos)", [("The Friends of Sleep", "@fos")]),
        ("Hosts are A Pretend and B Pretend.", [("A Pretend", ""), ("B Pretend", "")]),
        ("Host \u2013 A Pretend; co-host \u2013 B Pretend (@b_p)", [("A Pretend", ""), ("B Pretend", "@b_p")]),
        ("Hosts: A Pretend (@a_p), St Pat's Hospital; B Pretend", [("A Pretend", "@a_p"), ("B Pretend", "")]),
        ("Host: Ann Feign @ann (Royal Flying Doctors)", [("Ann Feign", "@ann")]),
        ("Host: Ann Feign (@ann), Royal Flying Doctor Service", [("Ann Feign", "@ann")]),
        ("Host: Assoc Prof Ann Feign, @ann", [("Ann Feign", "@ann")]),
        ("This Thursday at 8pm GMT Ann Feign (@ann) hosts #OTalk.", [("Ann Feign", "@ann")]),
        ("Next Tuesday at 8.30, Ann Feign will be hosting.", [("Ann Feign", "")]),
        ("On Tuesday 12 January, Ann Feign will host.", [("Ann Feign", "")]),
        ("By Bo Sham\n\nWe talk with our guest host, Ann Feign (@ann), on rest.", [("Ann Feign", "@ann")]),
        ("By Ann Feign\n\nOur guest: Ann Feign (@ann)", [("Ann Feign", "@ann")]),
        ("Hosts: Ann Feign; Bo S\u00f8 (@bo)", [("Ann Feign", ""), ("Bo S\u00f8", "@bo")]),
        ("Host: A Pretend (@a_p); Tech Support: B Pretend (@b_p)", [("A Pretend", "@a_p")]),
        ("Host: A Pretend (@a_p), Leeds; Sleep is treatment", [("A Pretend", "@a_p"), ("Leeds", "")]),
    ],
)
def test_hosts(written: str, hosts: list[tuple[str, str]]) -> None:
    found = drafted(f"#OTalk 12 January 2027 – Sleep\n\n{written}\n\n{ASKED}")
    assert [(one.name, one.handle) for one in found.hosts] == hosts


@pytest.mark.parametrize(
    ("written", "hosts", "support"),
    [
        ("Hosted by A Pretend and supported by B Pretend @b_p", ["A Pretend "], ["B Pretend @b_p"]),
        ("Hosted by A Pretend (@a_p), supported by B Pretend (@b_p).", ["A Pretend @a_p"], ["B Pretend @b_p"]),
        ("Hosted by A Pretend with tech support from B Pretend (@b_p).", ["A Pretend "], ["B Pretend @b_p"]),
        (
            "Host: A Pretend\n\nSupport on the #OTalk account: B Pretend (@b_p)",
            ["A Pretend "],
            ["B Pretend @b_p"],
        ),
        ("Host: A Pretend, support: B Pretend and C Pretend", ["A Pretend "], ["B Pretend ", "C Pretend "]),
        ("I'll host, supported by B Pretend (@b_p).", ["A Pretend "], ["B Pretend @b_p"]),
        ("Hosted by A Pretend, supported by the Royal College.", ["A Pretend "], []),
        ("I'll host, with Dr B Pretend (@b_p).", ["A Pretend ", "B Pretend @b_p"], []),
        ("I'll host (@a_p) with my colleague B Pretend (@b_p).", ["A Pretend @a_p", "B Pretend @b_p"], []),
        ("Host: C Pretend\n\nB Pretend and I will be there.", ["C Pretend "], []),
        ("Our hosts: B Pretend (@b_p) and myself.", ["A Pretend ", "B Pretend @b_p"], []),
        ("B Pretend (@b_p) will host with me.", ["A Pretend ", "B Pretend @b_p"], []),
        ("My co-host is B Pretend (@b_p).", ["A Pretend ", "B Pretend @b_p"], []),
        ("B Pretend (@b_p) and I are your hosts.", ["A Pretend ", "B Pretend @b_p"], []),
        ("B Pretend (@b_p) and I will host.", ["A Pretend ", "B Pretend @b_p"], []),
        ("Hosted by B Pretend (@b_p) and me.", ["A Pretend ", "B Pretend @b_p"], []),
        ("I am your host. Our account is @thecollege.", ["A Pretend "], []),
        ("I'll host. With thanks to B Pretend (@b_p).", ["A Pretend "], []),
        ("I'll host with NHS England.", ["A Pretend "], []),
        ("Hosts: A Pretend, B Pretend, C Pretend", ["A Pretend ", "B Pretend ", "C Pretend "], []),
    ],
)
def test_who_hosts_beside_the_writer_and_who_supports(written: str, hosts: list[str], support: list[str]) -> None:
    text = f"Sleep at work\n\nTuesday 12 January 2027, 8pm\n\n{written}\n\n{ASKED}"
    found = draft(AnnouncementText(text=text, author="A Pretend"), OTALK, NOW)
    assert [f"{one.name} {one.handle}" for one in found.hosts] == hosts
    assert [f"{one.name} {one.handle}" for one in found.support] == support
    assert asked(found, "hosts") == []


@pytest.mark.parametrize(
    ("written", "hosts", "why"),
    [
        ("By A Pretend\n\nI'll host, with Dr B Pretend.", ["A Pretend", "B Pretend"], "Do they host, too?"),
        ("By A Pretend\n\nB Pretend and I will host.", ["A Pretend", "B Pretend"], "Do they host, too?"),
        ("By A Pretend\n\nI'll host in place of B Pretend (@b_p).", ["A Pretend"], "belongs to nobody found"),
        ("By A Pretend\n\nI'll host; B Pretend (@b_p) will support.", ["A Pretend"], "belongs to nobody found"),
        ("Hosted by A Pretend, with B Pretend supporting", ["A Pretend", "B Pretend"], "speaks of support"),
        ("Host: A Pretend, Leeds", ["A Pretend", "Leeds"], "behind a comma"),
        ("By A Pretend\n\nOur guest: Ann Feign, RN (@ann), of Leeds.", ["Ann Feign"], "Who of them hosts?"),
        ("By A Pretend\n\nWe talk with our guest Ann Feign (@ann).", ["Ann Feign"], "Who of them hosts?"),
        ("Hosts: A Pretend and the sleep team (@sleepteam)", ["A Pretend"], "belongs to nobody found"),
    ],
)
def test_hosts_that_are_asked(written: str, hosts: list[str], why: str) -> None:
    found = drafted(f"#OTalk 12 January 2027 \u2013 Sleep\n\n{written}\n\n{ASKED}")
    assert [one.name for one in found.hosts] == hosts
    assert why in " ".join(asked(found, "hosts"))


def test_a_sentence_with_the_day_is_no_title() -> None:
    for sentence in (
        "Am Dienstag, 12. Januar 2027 um halb acht abends sprechen wir \u00fcber Schlafhygiene",
        "On Tuesday 12 January 2027 we talk about Schlafhygiene.",
    ):
        found = drafted(f"{sentence}\n\nGastgeberin: A Pretend\n\n{ASKED}")
        assert (found.title, len(asked(found, "title"))) == ("Schlafhygiene", 1)
    assert len(asked(drafted(f"Unser Chat am 12. Januar 2027: Es geht um Schlaf\n\n{ASKED}"), "title")) == 1


@pytest.mark.parametrize(
    "table",
    [
        "Host\tA Pretend (@a_p)\nSupport\tB Pretend (@b_p)",
        "Host\tA Pretend\t@a_p\nSupport:\tB Pretend\t@b_p",
        "Host\t\tA Pretend (@a_p)\t\tSupport\t\tB Pretend (@b_p)",
        "Host\tSupport\nA Pretend (@a_p)\tB Pretend (@b_p)",
        "Date\tTopic\tHosted by\tOTalk Support\n12 January 2027\tSleep\tA Pretend (@a_p)\tB Pretend (@b_p)",
    ],
)
def test_people_in_rows_of_a_table(table: str) -> None:
    found = drafted(f"#OTalk 12 January 2027 \u2013 Sleep\n\n{table}\n\n{ASKED}")
    assert [(one.name, one.handle) for one in found.hosts] == [("A Pretend", "@a_p")]
    assert [(one.name, one.handle) for one in found.support] == [("B Pretend", "@b_p")]


def test_of_a_table_of_several_chats_nobody_is_taken_for_the_host() -> None:
    rows = "Host\tSupport\nA Pretend\tB Pretend\nC Pretend\tD Pretend"
    found = drafted(f"#OTalk 12 January 2027 \u2013 Sleep\n\n{rows}\n\n{ASKED}")
    assert (found.hosts, found.support) == ((), ())
    assert "does not say who hosts" in " ".join(asked(found, "hosts"))


def test_hashtags() -> None:
    assert drafted(f"#WeNurses 12 January 2027\n{ASKED}", SeriesFile()).hashtag == "#WeNurses"
    found = drafted(f"#WeNurses 12 January 2027\n{ASKED}")
    assert (found.hashtag, len(asked(found, "hashtag"))) == ("#OTalk", 1)
    assert len(asked(drafted(f"Sleep\n\n#A1b and #B2c\n{ASKED}", SeriesFile()), "hashtag")) == 1


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the real announcements (shared/seeds) are not on this machine")
@pytest.mark.parametrize(
    ("name", "title", "day", "hosts", "first", "last", "count"),
    [
        (
            "otalk-2018-10-30-announcement-and-numbers.txt",
            "Bringing the OT community closer together, on and offline",
            "2018-10-30",
            ["@theOThub", "@theOTshow"],
            "How can shows and online",
            "by the public and healthcare colleagues?",
            4,
        ),
        (
            "otalk-2020-10-13-announcement.txt",
            "Online groups: current occupational therapy practice",
            "2020-10-13",
            ["@smileyfacehalo"],
            "what groups are occupational",
            "you would have a risk assessment)",
            6,
        ),
    ],
)
def test_real_announcements(
    name: str, title: str, day: str, hosts: list[str], first: str, last: str, count: int
) -> None:
    found = draft(read_announcement((SEEDS / name).read_bytes(), name), OTALK, NOW)
    assert (found.title, found.hashtag, str(found.day)) == (title, "#OTalk", day)
    assert [one.handle for one in found.hosts] == hosts
    assert len(found.questions) == count
    assert found.questions[0].startswith(first)
    assert found.questions[-1].endswith(last)


@pytest.mark.parametrize(
    ("written", "hosts"),
    [
        ("Our host is Dr A Feign (@afeign), joined by B Sham (@bsham).", ["A Feign @afeign", "B Sham @bsham"]),
        (
            "Hosted by A Feign (@afeign) from the University of Nowhere and Sister Grace Mock.",
            ["A Feign @afeign", "Grace Mock "],
        ),
        ("With guest host A Feign (@afeign) and co-host B Sham (@bsham).", ["A Feign @afeign", "B Sham @bsham"]),
        ("The chat is led this week by A Feign (@afeign).", ["A Feign @afeign"]),
        ("Host: Dr. A Feign (PT) @afeign", ["A Feign @afeign"]),
        ("Co-moderators: @afeign & @bsham", ["afeign @afeign", "bsham @bsham"]),
        ("Hosts\n\nA Feign (@afeign), B Sham (@bsham)", ["A Feign @afeign", "B Sham @bsham"]),
        ("Hosts\n\nA Feign (@afeign), University of Nowhere (@uninowhere)", ["A Feign @afeign"]),
        ("By A Feign\n\nI'll be hosting with Dr B Sham (@bsham).", ["A Feign ", "B Sham @bsham"]),
        ("Moderation: A Feign (@afeign) und B Sham (@bsham)", ["A Feign @afeign", "B Sham @bsham"]),
    ],
)
def test_second_hosts_and_guests_are_found(written: str, hosts: list[str]) -> None:
    found = drafted(f"#OTalk – Sleep\n\nTuesday 12 January 2027, 8pm\n\n{written}\n\n{ASKED}")
    assert [f"{one.name} {one.handle}" for one in found.hosts] == hosts


def test_a_list_under_for_discussion_is_asked_and_no_list_of_themes() -> None:
    text = "Three themes:\n1. Dose\n2. Adherence\n\nFor discussion\n* Why rest?\n* Describe how you rest\n* How long\n"
    assert drafted(f"{HEAD}{text}").questions == ("Why rest?", "Describe how you rest", "How long")


def test_marks_and_times_before_questions_are_taken_off() -> None:
    for marks in (("Ques 1 - ", "Ques 2 - "), ("Frage 1: ", "Frage 2: "), ("Q1 (Monday 9am) ", "Q2 (Tuesday 6pm) ")):
        assert drafted(f"{HEAD}{marks[0]}Why rest?\n{marks[1]}How long?\n").questions == ("Why rest?", "How long?")
