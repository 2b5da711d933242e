"""Every way to write a command, and the hints for texts that are none."""

from __future__ import annotations

import time as clock
import unicodedata
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.grammar import command_types as types
from bot.commands.grammar import moderation_types, record_types
from bot.commands.grammar.catalogue import BY_WORD, COMMANDS
from bot.commands.grammar.parser import parse
from bot.commands.grammar.permissions import FOR_EVERYBODY, FOR_HOSTS, may_give
from bot.messages import Role

PLACES = ("room", "x", "discord", "x-two")
MINUTE = timedelta(minutes=1)
KATE = moderation_types.PersonReference(handle="@kate")

X_MESSAGE = moderation_types.MessageReference(place="x", id="1029")
COPY = moderation_types.MessageReference(place="discord", id="7")


def read(text: str, about: str | None = None) -> types.ParsedCommand | types.Misunderstood:
    return parse(text, about=about, places=PLACES)


def hint(text: str) -> str:
    found = read(text)
    assert isinstance(found, types.Misunderstood), found
    return found.hint


@pytest.mark.parametrize(
    "text",
    [
        *("next", "n", "NEXT", " next ", "\u00a0next\u202f", "Next!", "next, please.", "please next", "next thanks"),
        *("@OTalk_ next", "@OTalk_: next", "<@1000> next", "<@!1000>, please next", "@OTalk_ @pat n"),
        *("/chat next", "/next", "!next", "! n", "@OTalk_ !n", "\u200bnext", "next #OTalk", "next please #OTalk"),
    ],
)
def test_one_command_written_in_many_ways(text: str) -> None:
    assert read(text) == types.Next()


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", types.Help()),
        (" \n", types.Help()),
        ("@OTalk_", types.Help()),
        ("?", types.Help()),
        ("h", types.Help()),
        ("help extend", types.Help(topic="extend")),
        ("help hold all", types.Help(topic="hold all")),
        ("s", types.Status()),
        ("b", types.Back()),
        ("p", types.Pause()),
        ("r", types.Resume()),
        ("u", types.Undo()),
        ("log", types.Log()),
        ("repeat", types.Repeat()),
        ("announce", types.Announce()),
        ("held", moderation_types.Held()),
        ("end", types.End()),
        ("end yes", types.End(sure=True)),
        ("cancel --yes", types.Cancel(sure=True)),
        ("start now", types.StartNow()),
        ("Start\u00a0Now!", types.StartNow()),
        ("start-now yes", types.StartNow(sure=True)),
        ("hold all", moderation_types.HoldAll(on=True)),
        ("hold off", moderation_types.HoldAll(on=False)),
        ("slow off", moderation_types.Slow(by=None)),
        ("slow 30", moderation_types.Slow(by=timedelta(seconds=30))),
        ("slow 2m", moderation_types.Slow(by=2 * MINUTE)),
        ("approve 3", moderation_types.Approve(number=3)),
        ("approve 3 yes", moderation_types.Approve(number=3, sure=True)),
        ("show #3 yes", moderation_types.Show(message=moderation_types.MessageReference(number=3), sure=True)),
        ("drop #12", moderation_types.Drop(number=12)),
        ("file x/1029 q3", record_types.File(message=X_MESSAGE, question="q3")),
        ("file x/1029 under Q3.", record_types.File(message=X_MESSAGE, question="q3")),
        ("file x/1029 before", record_types.File(message=X_MESSAGE, question="before")),
        ("highlight x/1029", record_types.Highlight(message=X_MESSAGE)),
        ("unhighlight x/1029", record_types.Unhighlight(message=X_MESSAGE)),
        ("merge discord/7 into x/1029", record_types.Merge(message=COPY, original=X_MESSAGE)),
        ("merge discord/7 x/1029 yes", record_types.Merge(message=COPY, original=X_MESSAGE, sure=True)),
        ("unmerge discord/7", record_types.Unmerge(message=COPY)),
        ("summary We use *paper*.", record_types.Summary(text="We use *paper*.")),
        ("summary OFF", record_types.Summary(text="")),
        ("skip q4", types.Skip(question="q4")),
        ("skip question 4", types.Skip(question="q4")),
        ("skip Q 4", types.Skip(question="q4")),
        ("skip 04", types.Skip(question="q4")),
    ],
)
def test_commands(text: str, command: types.ParsedCommand) -> None:
    assert read(text) == command


@pytest.mark.parametrize(
    "text", ["5", "5m", "5 m", "5min", "5 min", "5 Minutes", "5 mins.", "by 5m", "300s", "for 5", "+5"]
)
def test_five_minutes(text: str) -> None:
    assert read(f"extend {text}") == types.Extend(by=5 * MINUTE)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("+5m", types.Extend(by=5 * MINUTE)),
        ("+ 5 q3", types.Extend(by=5 * MINUTE, question="q3")),
        ("extend 1h", types.Extend(by=60 * MINUTE)),
        ("extend 1h30m", types.Extend(by=90 * MINUTE)),
        ("extend 1 hour and 30 minutes", types.Extend(by=90 * MINUTE)),
        ("extend 1h 30m q3", types.Extend(by=90 * MINUTE, question="q3")),
        ("extend 5m question 3", types.Extend(by=5 * MINUTE, question="q3")),
        ("extend 5m for q3", types.Extend(by=5 * MINUTE, question="q3")),
        ("extend q3 by 5", types.Extend(by=5 * MINUTE, question="q3")),
        ("extend 5 3", types.Extend(by=5 * MINUTE, question="q3")),
        ("at q5 20:45", types.At(question="q5", clock=time(20, 45))),
        ("at 5 20.45", types.At(question="q5", clock=time(20, 45))),
        ("at Q5 2045", types.At(question="q5", clock=time(20, 45))),
        ("at q5 8:45 pm", types.At(question="q5", clock=time(20, 45))),
        ("at q5 8PM", types.At(question="q5", clock=time(20))),
        ("at q5 12 a.m.", types.At(question="q5", clock=time(0))),
        ("at q5 in 3 min", types.At(question="q5", after=3 * MINUTE)),
        ("at q5 +3", types.At(question="q5", after=3 * MINUTE)),
    ],
)
def test_timing(text: str, command: types.ParsedCommand) -> None:
    assert read(text) == command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("say Hello", types.Say(text="Hello")),
        ("SAY: Hello", types.Say(text="Hello")),
        ("say\u00a0“Hello”  all,\n\nplease! ", types.Say(text="“Hello”  all,\n\nplease!")),
        ("say in discord: Hello", types.Say(text="Hello", place="discord")),
        ("say on X Hello", types.Say(text="Hello", place="x")),
        ("say in x-two: Hello", types.Say(text="Hello", place="x-two")),
        ("say in short: we close", types.Say(text="in short: we close")),
        ("say in five minutes we close", types.Say(text="in five minutes we close")),
        ("edit q4: What\u2019s “next”?\nWhy?", types.Edit(question="q4", text="What\u2019s “next”?\nWhy?")),
        ("edit 4 2 things you learnt", types.Edit(question="q4", text="2 things you learnt")),
        ("add  What  now? #OTalk", types.Add(text="What  now? #OTalk")),
    ],
)
def test_texts_stay_as_they_were_written(text: str, command: types.ParsedCommand) -> None:
    assert read(text) == command


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("#12", moderation_types.MessageReference(number=12)),
        ("1315990000000000001", moderation_types.MessageReference(id="1315990000000000001")),
        ("x/77", moderation_types.MessageReference(place="x", id="77")),
        ("room/a1-b", moderation_types.MessageReference(place="room", id="a1-b")),
        ("https://x.com/i/status/123", moderation_types.MessageReference(id="123")),
        ("https://x.com/kate/status/123/photo/1?s=20", moderation_types.MessageReference(id="123")),
        ("<https://discord.com/channels/1/2/3>", moderation_types.MessageReference(id="3")),
        ("https://discord.com/channels/@me/2/3.", moderation_types.MessageReference(id="3")),
        ("http://127.0.0.1:8000/otalk/x#m-room-a1-b", moderation_types.MessageReference(place="room", id="a1-b")),
        ("https://chat.example.org/otalk/x#m-x-two-5", moderation_types.MessageReference(place="x-two", id="5")),
        ("https://chat.example.org/otalk/x#m-other-5", moderation_types.MessageReference(place="other", id="5")),
    ],
)
def test_messages(text: str, message: moderation_types.MessageReference) -> None:
    assert read(f"hide {text}") == moderation_types.Hide(message=message)
    assert read(f"show {text}") == moderation_types.Show(message=message)
    assert read(f"hold {text} please") == moderation_types.Hold(message=message)


@pytest.mark.parametrize("text", ["hide", "hide this", "hide, please"])
def test_a_command_in_a_reply_is_about_that_message(text: str) -> None:
    assert read(text, about="x/77") == moderation_types.Hide(
        message=moderation_types.MessageReference(place="x", id="77")
    )
    assert isinstance(read(text), types.Misunderstood)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("@kate", KATE),
        ("@kate.", moderation_types.PersonReference(handle="@kate.")),
        ("<@123>", moderation_types.PersonReference(id="123")),
        ("<@!123>", moderation_types.PersonReference(id="123")),
        ("x/123", moderation_types.PersonReference(place="x", id="123")),
        ("discord/@kate", moderation_types.PersonReference(place="discord", handle="@kate")),
        ("“Kate O\u2019Neil”", moderation_types.PersonReference(name="Kate O'Neil")),
        ('room/"Cas Pretend"', moderation_types.PersonReference(place="room", name="Cas Pretend")),
        ("Cas Pretend", moderation_types.PersonReference(name="Cas Pretend", bare=True)),
        ("@Cas Pretend", moderation_types.PersonReference(name="Cas Pretend", bare=True)),
        ("room/Cas van Pretend", moderation_types.PersonReference(place="room", name="Cas van Pretend", bare=True)),
    ],
)
def test_people(text: str, person: moderation_types.PersonReference) -> None:
    assert read(f"mute {text} 10m") == moderation_types.Mute(person=person, length=10 * MINUTE)
    assert read(f"unmute {text} #OTalk") == moderation_types.Unmute(
        person=moderation_types.PersonReference(handle="@kate") if text == "@kate." else person
    )
    assert read(f"ban {text} yes") == moderation_types.Ban(person=person, sure=True)


def test_a_command_in_a_reply_is_about_that_author() -> None:
    author = moderation_types.PersonReference(author_of=moderation_types.MessageReference(place="x", id="77"))
    assert read("mute", about="x/77") == moderation_types.Mute(person=author)
    assert read("mute this 10m", about="x/77") == moderation_types.Mute(person=author, length=10 * MINUTE)
    assert read("mute 10m", about="x/77") == moderation_types.Mute(person=author, length=10 * MINUTE)
    assert read("ban", about="x/77") == moderation_types.Ban(person=author)
    assert read("ban yes", about="x/77") == moderation_types.Ban(person=author, sure=True)
    assert read("mute @kate", about="x/77") == moderation_types.Mute(person=KATE)
    assert read("handover @kate", about="x/77") == types.Handover(person=KATE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nxet", "I do not know `nxet`. Did you mean `next`?"),
        ("start", "I do not know `start`. Did you mean `start now`?"),
        ("ext 5m", "I do not know `ext`. Did you mean `extend`?"),
        ("weather today", "I do not know `weather`. `help` lists what I know."),
        ("hello there", "I do not know `hello`. Did you mean `help`?"),
        ("@convenor No, thanks!", "Then I do nothing."),
        ("never mind", "Then I do nothing."),
        ("Don\u2019t forget me please", "Then I do nothing."),
        ("no idea", "I do not know `no`. Did you mean `undo`?"),
        ("extend", "Say how long, like `extend 5m`."),
        ("extend a bit", "I could not read that. Say how long, like `extend 5m`."),
        ("next week we meet", "`next` stands alone: write only `next`."),
        (
            "mute kate",
            "I could not read that. Say who, with an @ before the handle or the name in quotes, like `mute @kate 10m`.",
        ),
        ("approve", "Say which number in the queue, like `approve 3`."),
        ("say", "Say what, like `say We start again in a minute`."),
        ("say in discrod: hello", "There is no such place. Did you mean `say in discord: …`?"),
        ("say a\x00b", "There is an invisible control character in it; write it again without."),
        ("add " + "x" * 2001, "That has 2001 characters; make it at most 2000."),
        ("';\x1b[;\x07 drop", "That is no command. `help` lists what I know."),
        ("<b>@everyone</b>`" + "x" * 99, "I do not know `beveryonebxxxx`. `help` lists what I know."),
    ],
)
def test_hints(text: str, said: str) -> None:
    assert hint(text) == said


@pytest.mark.parametrize(
    "text", ["extend 1h30", "extend -5m", "extend 0", "extend 999999h", "skip q0", "skip q1000", "at q5", "at q5 25:00"]
)
def test_arguments_that_cannot_be_parsed_make_no_command(text: str) -> None:
    assert "like `" in hint(text)


@pytest.mark.parametrize("text", ["n\u0435\u0445t", "\u0440ause", "nex\u200bt", "\uff4eext", "nèxt"])
def test_letters_that_only_look_alike_are_no_command(text: str) -> None:
    assert "only look like" in hint(text)
    assert f"`{'pause' if 'ause' in text else 'next'}`" in hint(text) or "\u200b" in text


@given(st.text() | st.sampled_from(sorted(BY_WORD)).flatmap(lambda word: st.text().map(lambda rest: f"{word} {rest}")))
def test_any_text_is_parsed(text: str) -> None:
    found = parse(text, about=None, places=PLACES)
    if isinstance(found, types.Misunderstood):
        assert len(found.hint) <= 200
        assert all(unicodedata.category(one)[0] != "C" for one in found.hint)


@pytest.mark.parametrize(
    "unit", ["\u00a0", "@a ", "! ", "please ", "x", "+5", "5m ", 'a"', "/", "#m-", "\u200b", "-", "q"]
)
@pytest.mark.parametrize("head", ["", "extend ", "mute ", "hide ", "say in ", "edit q1 ", "help ", "at q5 ", "hold "])
def test_a_long_text_takes_no_longer_than_its_length(head: str, unit: str) -> None:
    def takes(length: int) -> float:
        """Seconds of this thread alone, at best: whatever else the machine does is not counted."""
        text, found = head + unit * (length // len(unit)), list[float]()
        for _ in range(3):
            begin = clock.thread_time()
            parse(text, about=None, places=PLACES)
            found.append(clock.thread_time() - begin)
        return min(found)

    assert takes(160_000) < 30 * takes(20_000) + 0.001, "eight times the text takes about eight times as long"


def test_every_command_has_a_usage_and_an_example_that_parses() -> None:
    assert len(BY_WORD) == sum(1 + len(spec.shorts) for spec in COMMANDS), "a word that two rows claim"
    assert len({spec.slug for spec in COMMANDS}) == len(COMMANDS)
    for spec in COMMANDS:
        assert not isinstance(read(spec.example or spec.name), types.Misunderstood), spec.name
        assert spec.help.endswith(".")
        assert len(spec.help) <= 100
        assert spec.usage.startswith(spec.name)


def test_the_permissions_name_commands_that_exist_and_every_command_has_its_least_role() -> None:
    assert {spec.name for spec in COMMANDS} >= FOR_HOSTS | FOR_EVERYBODY
    by_role = {role: {spec.name for spec in COMMANDS if spec.role == role} for role in ("host", "participant")}
    assert by_role == {"host": FOR_HOSTS, "participant": FOR_EVERYBODY}


@pytest.mark.parametrize(
    ("role", "may"), [("participant", False), ("moderator", True), ("host", True), ("admin", True)]
)
def test_from_a_moderator_up_everybody_may_mute(role: Role, may: bool) -> None:  # noqa: FBT001 -- a column
    assert may_give(role, "mute") is may


def test_a_line_made_from_fields_parses_the_same() -> None:
    extend, say = BY_WORD["extend"], BY_WORD["say"]
    assert extend.usage == "extend LENGTH [QUESTION]"
    assert extend.line({"length": "5m", "question": "q3"}) == "extend 5m q3"
    assert read(say.line({"place": "x", "text": "Hello"})) == types.Say(text="Hello", place="x")
    assert BY_WORD["start now"].slug == "start-now"
