"""A day or a clock that can't be read off the words alone is a doubt, never taken in silence."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bot.authoring.announcement.draft import draft
from bot.authoring.announcement.file_formats import read_announcement
from bot.authoring.announcement.found import Draft
from bot.authoring.chatfile import SeriesFile

NOW = datetime(2026, 11, 30, tzinfo=UTC)
ASKED = "Q1 What helps?\nQ2 And why?\n"
POST = "Pretend talk: splints\nHosted by Cas Pretend\n{}\nQ1 What helps?\nQ2 And why?\n"


def found(line: str) -> Draft:
    return draft(read_announcement(POST.format(line).encode()), SeriesFile(), NOW)


def doubted(made: Draft) -> set[str]:
    """The fields of start and zone that are asked about."""
    return {one.field for one in made.doubts if one.field in ("starts", "timezone") and not one.settled}


@pytest.mark.parametrize(
    "line",
    [
        "No chat on Tuesday 12 January 2027. We are back a week later, 8-9pm London",
        "Usually on Tuesday 12 January 2027, but this time it is a week later, 8-9pm London",
        "Tuesday 12 January 2027 is cancelled, new date to be announced, 8-9pm London",
        "The chat of Tuesday 12 January 2027 is postponed to the following Tuesday, 8-9pm London",
        "Mary spoke at the congress on 3 March 2027. Our chat is on the Tuesday after, 8pm London",
        "The chat is two days after World OT Day (27 October 2027), 8pm London",
        "This chat moved from Tuesday 12 January 2027, 8pm London",
        "Sunday 31 October 2027, 1:30 am UK time",  # comes twice
        "Sunday 28 March 2027, 1:30 am UK time",  # does not come
    ],
)
def test_a_day_counted_from_another_or_called_off_is_doubted(line: str) -> None:
    assert "starts" in doubted(found(line))


POSTED = (
    "15 December 2026",
    "15 December 2026 by Admin",
    "Tuesday, 15 December 2026",
)
"""Lines that say when a text was posted, though no word says so."""


@pytest.mark.parametrize("posted", POSTED)
@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("On the 12th of January 2027 at 8pm GMT we talk.", "12th of January 2027"),
        ("We talk on 12 January 2027. It begins at 8pm GMT.", "12 January 2027"),
        ("Our next chat is on 12 January 2027 at 8pm GMT; register here.", "12 January 2027"),
        ("When: 2 February 2027 at 7:30 pm UK time.", "2 February 2027"),
        ("Am 2. Februar 2027 um 19.30 Uhr (Berlin) treffen wir uns.", "2. Februar 2027"),
        ("Next Tuesday at 8pm GMT we talk.", "Next Tuesday"),
        ("Join us next Tuesday!", "next Tuesday"),
        ("Tomorrow at 8pm GMT we talk.", "Tomorrow"),
        ("A week today at 8pm GMT we talk.", "A week today"),
        ("It is in a fortnight's time, at 8pm GMT.", "in a fortnight's time"),
        ("On Wednesday at 8pm GMT we talk.", "On Wednesday"),
        ("On the 12th at 8pm GMT we talk.", "On the 12th"),
        ("N\u00e4chsten Dienstag um 20 Uhr MEZ reden wir.", "N\u00e4chsten Dienstag"),
        ("\u00dcbermorgen um 20 Uhr MEZ.", "\u00dcbermorgen"),
        ("Heute in einer Woche um 20 Uhr (Berlin).", "Heute in einer Woche"),
        ("Am 12. um 20 Uhr MEZ reden wir.", "Am 12"),
    ],
)
def test_the_day_when_a_text_may_have_been_posted_is_not_taken_in_silence(posted: str, line: str, day: str) -> None:
    title, rest = POST.format(line).split("\n", 1)
    page = "".join(f"<p>{part}</p>" for part in rest.splitlines())
    html = f'<html><body><article><h1>{title}</h1><p class="meta">{posted}</p>{page}</article></body></html>'
    for text in (f"{posted}\n{title}\n{rest}", f"{title}\n{posted}\n{rest}", html):
        made = draft(read_announcement(text.encode()), SeriesFile(), NOW)
        [why] = [one.why for one in made.doubts if one.field == "starts" and "two days" in one.why]
        assert f'"{day}"' in why, text
        assert "15 December 2026" in why, text


@pytest.mark.parametrize(
    "line",
    [
        "Tuesday 12th and Wednesday 13th January 2027, 8pm GMT",
        "12/13 January 2027, 8pm GMT",
        "12\u201313 January 2027, 8pm GMT",
        "12 - 13 January 2027, 8pm GMT",
        "12 & 13 January 2027, 8pm GMT",
        "12, 19 January 2027, 8pm GMT",
        "12, 13 and 14 January 2027, 8pm GMT",
        "Between 12 and 13 January 2027, 8pm GMT",
        "Either Tuesday 12 or perhaps Wednesday 13 January 2027, 8pm GMT",
        "Tuesday 12th, Wednesday 13th and Thursday 14th January 2027, 8pm GMT",
        "Tuesday 12 January and Wednesday 13 January 2027, 8pm GMT",
        "Tuesday 12 January 2027 and Wednesday 13th, 8pm GMT",
        "12 January 2027 (or the 13th), 8pm GMT",
        "12 January 2027, 8pm GMT, or the 13th if you can't",
        "12 January 2027, 8pm GMT, and Wednesday at the same time",
        "January 12th & Wednesday 13th, 2027, 8pm GMT",
        "January 12-13, 2027, 8pm GMT",
        "12 and 26/01/2027, 8pm GMT",
        "12. und 13.1.2027, 20 Uhr MEZ",
        "12./13. Januar 2027, 20 Uhr MEZ",
        "12.1. oder 13.1.2027, 20 Uhr MEZ",
        "Dienstag, 12. oder Mittwoch, 13. Januar 2027, 20 Uhr MEZ",
        "Vom 12. bis zum 13. Januar 2027, 20 Uhr MEZ",
    ],
)
def test_two_days_are_asked(line: str) -> None:
    for written in (line, f"Join us: {line}"):
        assert "starts" in doubted(found(written)), written


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("December 15, 2026 | Cas Pretend\nSplints\nTalk with us on January 12 at 8 p.m. Eastern.", "January 12"),
        ("15/12/2026\nSplints\nWe'll be talking on 26/01/2027 from 8pm GMT.", "26/01/2027"),
        ("2026-12-15\nSplints\n#PretendChat, Thursday 8pm GMT", "Thursday"),
        ("Splints (15 December 2026)\nIn four weeks, 8pm GMT, we open the chat.", "In four weeks"),
        ("Splints\n15 December 2026 \u00b7 4 min read\nThis Thursday, 8pm GMT", "This Thursday"),
        ("Newsletter 15 December 2026\nOur chat is next Thursday at half past seven, UK time.", "next Thursday"),
        ("Dear all,\nour chat is on Thursday at 8pm GMT.\n15 December 2026\nCas Pretend", "on Thursday"),
        ("Berlin, den 15. Dezember 2026\nWir chatten am kommenden Donnerstag um 20 Uhr MEZ.", "kommenden Donnerstag"),
        ("Berlin, 15. Dezember 2026\nUnser Chat ist am ersten Dienstag im Februar, 20 Uhr MEZ.", "ersten Dienstag im"),
        ("Splints\n15 December 2026\nThe chat is on the second Wednesday in January, 8pm GMT.", "second Wednesday in"),
        ("Splints\n15 December 2026\nThe chat is in a month, at 8pm GMT.", "in a month"),
        ("Splints\n15 December 2026\nThe chat takes place on Boxing Day at 8pm GMT.", "on Boxing Day"),
        ("Splints\n15. Dezember 2026\nDer Chat ist nach Weihnachten, 20 Uhr MEZ.", "nach Weihnachten"),
        ("Splints\nNews of 15 December 2026\nOn the twelfth of January at 8pm GMT.", "twelfth of January"),
        ("Splints\n15. Dezember 2026\nAm zw\u00f6lften Januar um 20 Uhr MEZ reden wir.", "zw\u00f6lften Januar"),
        ("Cas Pretend, 15 December 2026 at 9:12 am\nSplints\nOn 12 January 2027 at 8pm GMT.", "12 January 2027"),
        ("#PretendTalk news 15 December 2026\nOur chat is on 12 January 2027, 8pm GMT; register.", "12 January 2027"),
        ("Tuesday 12 January 2027, 8pm GMT, with a second round on Thursday.", "second round on Thursday"),
        ("Tuesday 12 January 2027. Room open from 7pm GMT. Chat: eight till nine.", "eight"),
        ("Tuesday 12 January 2027. Raum ab 19 Uhr MEZ offen. Chat: acht bis neun.", "acht"),
        ("Tuesday 12 January 2027. Paper 09:00 GMT. Evening chat, eight sharp.", "eight"),
        ("Tuesday 12 January 2027, nineteen hundred hours GMT. Paper 09:00 GMT", "nineteen hundred hours"),
    ],
)
def test_what_may_be_another_start_is_named_in_a_doubt(text: str, said: str) -> None:
    made = draft(read_announcement(f"{text}\n{ASKED}".encode()), SeriesFile(), NOW)
    whys = [f'{one.why} "{one.said}"' for one in made.doubts if one.field == "starts" and not one.settled]
    assert any(f'"{said}' in why or f" {said}," in why for why in whys), whys


def test_a_day_that_is_named_again_with_another_weekday_is_asked() -> None:
    made = found("Join us on Tuesday 12 January 2027, 8pm GMT. Save the date: Wednesday 12 January!")
    [doubt] = [one for one in made.doubts if one.field == "starts"]
    assert (doubt.said, str(made.day)) == ("Wednesday 12 January", "2027-01-12")
    assert "is a Tuesday, not a Wednesday" in doubt.why


@pytest.mark.parametrize("zone", ["(GMT+1)", "GMT-5", "(UTC+2)", "UTC +05:30"])
def test_a_distance_from_greenwich_is_no_zone(zone: str) -> None:
    made = found(f"Tuesday 12 January 2027, 8pm {zone}")
    assert made.zone is None
    assert "timezone" in doubted(made)


@pytest.mark.parametrize(
    "line",
    [
        "Tuesday 12 January 2027, 8-9pm London",
        "Join us on Tuesday 12 January 2027, 8pm London. Bring a cup of tea and a friend.",
        "Tuesday 12 January 2027, 8pm GMT",
        "12 January 2027, 8 to 9pm GMT",
        "12 January 2027 \u2013 8pm GMT",
        "This Tuesday, 12 January 2027, at 7:30 pm UK time. We meet every month. See you on Tuesday!",
        "12 January 2027, 8pm GMT (midnight in Dubai, Wednesday). Tomorrow\u2019s world needs splints.",
    ],
)
def test_a_plain_day_is_not(line: str) -> None:
    made = found(line)
    assert (made.day, doubted(made)) == (date(2027, 1, 12), set())


ELSE = "Tuesday 12 January 2027. The paper was out at 09:00 {}.\n\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Tuesday 12 January 2027. The paper was out at 09:00 GMT. We start at eight in the evening.", "eight in the"),
        (ELSE.format("GMT") + "We start at half seven.", "half seven"),
        (ELSE.format("GMT") + "We start at 8.", "8"),
        (ELSE.format("GMT") + "The hour is eight in the evening.", "eight in the evening"),
        (ELSE.format("GMT") + "From seven to eight in the evening we talk.", "seven to eight in the evening"),
        (ELSE.format("GMT") + "It begins at noon.", "noon"),
        (ELSE.format("GMT") + "Join us at lunchtime.", "at lunchtime"),
        (ELSE.format("GMT") + "We talk shortly after eight.", "shortly after eight"),
        (ELSE.format("MEZ") + "Wir beginnen um acht am Abend.", "acht am Abend"),
        (ELSE.format("MEZ") + "Wir reden um halb acht abends.", "halb acht abends"),
        (ELSE.format("MEZ") + "Los geht es mittags um zw\u00f6lf.", "mittags um zw\u00f6lf"),
        (ELSE.format("MEZ") + "Wir treffen uns nach Feierabend.", "nach Feierabend"),
    ],
)
def test_a_time_in_words_beside_another_time_is_asked_in_the_words_of_the_text(line: str, said: str) -> None:
    quoted = [one.said + one.why for one in found(line).doubts if one.field == "starts"]
    assert any(said in one for one in quoted), quoted


@pytest.mark.parametrize(
    ("line", "series"),
    [
        ("Tuesday 12 January 2021, half seven in the evening UK time", SeriesFile()),
        ("Tuesday 12 January 2027, half seven in the evening UK time", SeriesFile(weekday="monday", time=time(20))),
        ("Tuesday 12 January 2027, half seven British Summer Time", SeriesFile()),
        ("Sunday 28 March 2027, half past one in the morning UK time", SeriesFile()),
        ("Dienstag, 12. Januar 2027, halb acht mitteleurop\u00e4ische Sommerzeit", SeriesFile()),
    ],
)
def test_a_doubt_quotes_the_text(line: str, series: SeriesFile) -> None:
    text = POST.format(line)
    doubts = [one for one in draft(read_announcement(text.encode()), series, NOW).doubts if not one.settled]
    assert doubts
    for one in doubts:
        assert one.said in text


@pytest.mark.parametrize(
    "line",
    [
        "8pm GMT. For people from one to ninety, at one point or at two sites. It starts with ten questions.",
        "20 Uhr MEZ. F\u00fcr alle ab 18 Jahren, um Fragen zu stellen.",
        "8pm GMT. We will talk for an hour, from eight until nine.",
    ],
)
def test_numbers_of_other_things_are_no_times(line: str) -> None:
    made = found(f"Tuesday 12 January 2027, {line}")
    assert (made.clock, doubted(made)) == (time(20), set())


def test_a_short_question_that_goes_on_in_the_next_line_is_whole() -> None:
    text = "Chat 12 January 2027 8pm London\n1. Who?\n2.What do you miss\nwhen the clinic is closed?\n"
    text += "(3) Who in town does rehab\nwithout knowing it?\n"
    made = draft(read_announcement(text.encode()), SeriesFile(), NOW)
    assert made.questions == (
        "Who?",
        "What do you miss when the clinic is closed?",
        "Who in town does rehab without knowing it?",
    )
