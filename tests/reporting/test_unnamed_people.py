"""Whoever is not named in what is published is in no file of it, in whatever way others wrote of them."""

from __future__ import annotations

import json
import random
from io import BytesIO
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.chat import Publishing
from bot.live.choices import people_choices
from bot.live.published_events import published_form
from bot.messages import (
    AnyEvent,
    Author,
    Deleted,
    Edited,
    Media,
    Message,
    MessageDecision,
    MessageHighlighted,
    MessagesMerged,
    Named,
    Reaction,
    Repost,
    Returned,
    SummaryWritten,
    Viewed,
    Withdrawn,
)
from bot.messages.event_log import decode
from bot.reporting.cpd import sheet_of, sheet_page, writers_of
from bot.reporting.files import prepare
from bot.reporting.numbers import count_numbers
from bot.wiring.retention_keeper import published_part
from tests.reporting.sample_events import asked, at, chat

PEOPLE = {
    "x": [
        Author(id="7700000001", handle="@Kate_OT", name="Kate Pretend", followers=1234),
        Author(id="7700000002", handle="@RaviTherapist", name="Ravi", followers=77),
        Author(id="7700000003", handle="@mo_44", name="Mo Example | she/her"),
    ],
    "discord": [
        Author(id="803511102246789901", handle="@ana.marsh", name="Ana Marsh"),
        Author(id="803511102246789902", handle="@kim_lee", name="Kim Lee"),
    ],
    "room": [Author(id="5f1e2d3c4b5a6978", name="Wilhelmina"), Author(id="6a7b8c9d0e1f2031", name="Jo Pretend-Smith")],
}
EVERYBODY = [(place, one) for place, people in PEOPLE.items() for one in people]
FIRST_ID = {"x": 1316000000000000000, "discord": 901000000000000000, "room": 555000000000}
URL = {
    "x": "https://x.com/{handle}/status/{id}",
    "discord": "https://discord.com/channels/11/22/{id}",
    "room": "https://chat.example.org/pretend/groups#m-room-{id}",
}
WORDS = (
    "A1 we meet online",
    "RT {handle}: A2 we use Teams",
    "RT.{handle} so true",
    ".{handle} and {other} A2 yes",
    "{handle} A1 yes",
    "{handle} {other}, A3: of course",
    "thanks {name}, that helps",
    "{name} A2 no",
    "as {name_low} and {name} said",
    "see {url} A1",
    "{url}",
    "look: {bare_url}, or x.com/{bare}",
    "me at https://example.social/@{bare} and https://github.com/{bare}",
    "hello <@{id}> and <@!{id}>",
    "leave me out {handle}",
    "{handle} please leave me out",
    "leave this out",
    "put me back",
    "RT <@{id}>: A3",
    "#{joined} rules, see https://linked.example/in/{joined} and https://e.org/{dashed}-on-groups",
    "_{handle}_ said *{bare}* \u2026",
    "> {name}: something\nA2 I agree",
    "https://discord.com/users/{id} https://x.com/i/user/{id}",
    "{handle}: {url}?s=20",
    "nothing about anybody",
)


def _url(place: str, id: str, author: Author) -> str:
    return URL[place].format(handle=author.handle.lstrip("@"), id=id)


def hour(number: int) -> list[AnyEvent]:
    """A small chat, in which people write of each other in many ways. Nobody refers to what came later."""
    chance = random.Random(number)  # noqa: S311 -- no secret
    said: list[Message] = []
    events: list[AnyEvent] = [
        asked(f"q{n}", 10 * n, place=place, id=f"{FIRST_ID[place] + n}", url=_url(place, f"{FIRST_ID[place] + n}", bot))
        for place in PEOPLE
        for n, bot in ((n, Author(id="1", handle="@bot")) for n in (1, 2, 3))
    ]
    for count in range(chance.randint(4, 14)):
        place, author = chance.choice(EVERYBODY)
        id, minute = f"{FIRST_ID[place] + 100 + count}", 5 + 4 * count
        values: dict[str, Any] = {}
        here = [one for one in said if one.place == place]
        if here and chance.random() < 0.4:
            values[chance.choice(("reply_to", "quotes", "conversation"))] = chance.choice(here).id
        elif chance.random() < 0.3:
            values["reply_to"] = f"{FIRST_ID[place] + chance.randint(1, 3)}"
        if chance.random() < 0.2:
            values["media"] = (Media(kind="picture", text=f"a drawing by {chance.choice(EVERYBODY)[1].name}"),)
        text = _text(chance, said)
        url = _url(place, id, author)
        if place == "discord" and "conversation" in values:  # a thread has the id of the message that began it
            url = f"https://discord.com/channels/11/{values['conversation']}/{id}"
        one = Message(place=place, id=id, author=author, text=text, at=at(minute), url=url, **values)
        said.append(one)
        events.append(one)
    for one in said:
        events += _around(chance, one, said)
    return events


def _text(chance: random.Random, said: list[Message]) -> str:
    (place, of), (_, other) = chance.choice(EVERYBODY), chance.choice(EVERYBODY)
    linked = chance.choice(said) if said else None
    url = linked.url if linked and linked.url else _url(place, "1315999999999999999", of)
    return chance.choice(WORDS).format(
        handle=of.handle or "@nobody_else",
        bare=(of.handle or "@nobody_else").lstrip("@"),
        other=other.handle or "@nobody_else",
        name=of.name.partition(" |")[0],
        joined=of.name.partition(" |")[0].replace(" ", "").replace("-", "") if " " in of.name else "nobody",
        dashed=of.name.partition(" |")[0].replace(" ", "-").casefold() if " " in of.name else "somebody",
        name_low=of.name.partition(" |")[0].casefold() if " " in of.name else of.name,
        id=of.id if place == "discord" else PEOPLE["discord"][0].id,
        url=url,
        bare_url=url.removeprefix("https://"),
    )


def _around(chance: random.Random, one: Message, said: list[Message]) -> list[AnyEvent]:
    """What may happen to a message, or around it."""
    place, person = chance.choice(EVERYBODY)
    minute = 70 + chance.randint(1, 9)
    found: list[AnyEvent] = [
        Edited(place=one.place, id=one.id, text=_text(chance, [one]), at=at(minute)),
        Edited(place=one.place, id=one.id, text=f"{one.text}!", at=at(minute + 0.5), version=f"{int(one.id) + 7000}"),
        Deleted(place=one.place, id=one.id, at=at(minute)),
        MessageDecision(place=one.place, id=one.id, verdict="hold", at=at(minute)),
        MessageHighlighted(place=one.place, id=one.id, at=at(minute)),
        MessagesMerged(place=one.place, id=one.id, into=said[0].id, into_place=said[0].place, at=at(minute)),
        Reaction(place=one.place, id=one.id, author=PEOPLE[one.place][-1], emoji="+", at=at(minute)),
        Repost(place=one.place, id=f"{int(one.id) + 5000}", author=PEOPLE[one.place][0], of=one.id, at=at(minute)),
        Viewed(place=one.place, id=one.id, views=5, at=at(minute)),
        Named(place=place, author=person, at=at(minute)),
        SummaryWritten(place="room", at=at(minute), text=f"Thanks to {person.name} and {person.handle}"),
    ]
    return [each for each in found if chance.random() < 0.1]


def files(publish: Publishing, events: list[AnyEvent]) -> dict[str, bytes]:
    report = prepare(chat(publish=publish), events)
    found = {}
    for name, write in report.writers.items():
        write(file := BytesIO())
        found[name] = file.getvalue()
    found["cpd"] = sheet_page(sheet_of(report.record), writers=writers_of(report.record)).encode()
    return found


def traces(events: list[AnyEvent], unnamed: set[tuple[str, str]]) -> set[str]:
    """What would lead to these people: their ids, handles and names, and the ids of their posts."""
    found = set[str]()
    for place, one in EVERYBODY:
        if (place, one.id) in unnamed:
            name = one.name.partition(" |")[0]
            found |= {one.id, one.handle.lstrip("@"), name, name.replace(" ", "").replace("-", "")}
            found |= {name.replace(" ", "-")} if " " in name else set()
    for event in events:
        author = getattr(event, "author", None)
        if author is not None and (event.place, author.id) in unnamed and (id := getattr(event, "id", "")):
            found.add(id if isinstance(event, Message | Repost) else author.id)
    return {one.casefold() for one in found if one}


def assert_nothing_of(unnamed: set[tuple[str, str]], events: list[AnyEvent], written: dict[str, bytes]) -> None:
    for name, data in written.items():
        shown = data.decode().casefold()
        found = [one for one in traces(events, unnamed) if one in shown]
        assert not found, (name, found)


def without(events: list[AnyEvent], people: set[tuple[str, str]]) -> list[AnyEvent]:
    """The events, after which these people asked to be left out."""
    by_id = {(place, one.id): one for place, one in EVERYBODY}
    return [*events, *(Withdrawn(place=place, author=by_id[place, id], at=at(95)) for place, id in sorted(people))]


def numbers(written: dict[str, bytes]) -> Any:  # noqa: ANN401 -- as JSON is
    return json.loads(written["numbers.json"])


def _without_impressions(found: Any) -> Any:  # noqa: ANN401 -- as JSON is
    if isinstance(found, dict):
        return {key: _without_impressions(one) for key, one in found.items() if key != "impressions"}
    return found


SOME = st.sets(st.sampled_from([(place, one.id) for place, one in EVERYBODY]), max_size=4)


@settings(max_examples=30)
@given(
    number=st.integers(0, 10**6), left_out=SOME, publish=st.sampled_from(["named", "pseudonyms", "consented", "nobody"])
)
def test_nothing_in_any_file_leads_to_a_person_who_is_not_named(
    number: int, left_out: set[tuple[str, str]], publish: Publishing
) -> None:
    events = without(hour(number), left_out)
    everybody = {(event.place, author.id) for event in events if (author := getattr(event, "author", None))}
    said_yes = everybody - left_out if publish == "consented" and number % 2 else set[tuple[str, str]]()
    events += [Returned(place=place, author=Author(id=id), at=at(94)) for place, id in sorted(said_yes)]
    choices = people_choices(events)
    unnamed = {person for person in everybody if choices.get(person, publish != "named")}
    if publish in {"pseudonyms", "nobody"}:
        unnamed = everybody
    written = files(publish, events)
    assert_nothing_of(unnamed, events, written)
    again = files(publish, list(decode(BytesIO(written["events.jsonl"]), "log")))
    assert again == written


@settings(max_examples=30)
@given(number=st.integers(0, 10**6), left_out=SOME)
def test_the_numbers_are_those_of_the_people_who_count_however_they_are_called(
    number: int, left_out: set[tuple[str, str]]
) -> None:
    events = without(hour(number), left_out)
    named = numbers(files("named", events))
    by_pseudonym = numbers(files("pseudonyms", events))
    for figures in (by_pseudonym, *by_pseudonym["places"].values()):
        assert figures["impressions"] is None  # a number of followers tells who somebody is
    assert _without_impressions(by_pseudonym) == _without_impressions(named)
    choices = people_choices(events)
    yes = [Returned(place=place, author=one, at=at(94)) for place, one in EVERYBODY if not choices.get((place, one.id))]
    assert numbers(files("consented", [*events, *yes])) == named


@example(number=24, left_out=set(), publish="consented")  # who said yes and nothing else is in others' words
@example(number=1204, left_out=set(), publish="consented")  # a hidden message refers to another only by a link
@example(
    number=2043, left_out={("room", "6a7b8c9d0e1f2031")}, publish="named"
)  # a link on X into a hidden one's thread
@settings(max_examples=20)
@given(
    number=st.integers(0, 10**6), left_out=SOME, publish=st.sampled_from(["named", "pseudonyms", "consented", "nobody"])
)
def test_once_only_what_is_published_is_stored_the_same_is_published(
    number: int, left_out: set[tuple[str, str]], publish: Publishing
) -> None:
    """Also of whom nobody knows any more, because all that was theirs is deleted."""
    events = without(hour(number), left_out)
    yes = [Returned(place=place, author=Author(id=id), at=at(94)) for place, id in people_choices(events)][::2]
    events += yes if publish == "consented" else []
    of, secret = chat(publish=publish), b"of this chat"
    before = published_form(of, events, secret)
    kept = published_part(of, events, secret)
    after = published_form(of, kept, secret)
    assert read_of(publish, after) == read_of(publish, before)
    if publish == "named":
        out = {person for person, is_out in people_choices(events).items() if is_out}
        stored = str(kept).casefold()  # ids of accounts go later, and ids of posts stay, so that none is stored twice
        assert not [one for one in traces(events, out) if not one.isdigit() and one in stored]


def read_of(publish: Publishing, events: list[AnyEvent]) -> tuple[object, ...]:
    found = prepare(chat(publish=publish), events).record
    told = [(one.place, one.author, one.text, one.questions, one.reason) for one in found.messages]
    return told, found.mentions, count_numbers(found)
