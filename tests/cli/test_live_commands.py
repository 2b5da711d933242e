"""The live commands from a shell: the choice of the chat, the command that is submitted, and the exit code."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.cli.live_commands import PLACE, split_words
from bot.cli.verbs import SECTIONS
from bot.commands.grammar.catalogue import BY_WORD, COMMANDS
from bot.messages import Author, Command, Outcome
from bot.store import chats, commands
from tests.cli.run import CONVENOR, answering, as_json, convenor, ended, environment, soon, stored
from tests.fakes.chats import a_chat

HOUR = timedelta(hours=1)
LIVE = a_chat(starts=soon(-600), name="s/live")
SECOND = a_chat(starts=soon(-900), name="s/second")
COMING = a_chat(starts=soon(7200), name="s/coming")
FAR = a_chat(starts=soon(5 * 86400), name="s/far")
OVER = a_chat(starts=soon(-3 * 3600), name="s/over")


def say(*line: str, code: int = 0) -> Result:
    """Run a verb in this process."""
    found = CliRunner().invoke(main, line)
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    assert found.exit_code == code, (found.exit_code, found.output)
    return found


ALL_VERBS = [name for verbs in SECTIONS.values() for name in verbs]


def test_there_is_a_verb_for_each_command() -> None:
    assert {spec.slug for spec in COMMANDS} - set(ALL_VERBS) == {"help"}
    shown = say("--help").output
    assert all(f"  {spec.slug} " in shown for spec in COMMANDS if spec.name != "help")
    assert shown.index("Before:") < shown.index("During:") < shown.index("Live: the time:") < shown.index("After:")
    assert "..." not in shown.partition("Before:")[2], "each line of help is whole"
    assert 'convenor edit q4 "What would you change?"' in say("edit", "--help").output
    context = main.make_context("convenor", ["run"], resilient_parsing=True)
    assert main.get_command(context, "n") is main.get_command(context, "next") is not None
    assert main.list_commands(context) == list(ALL_VERBS)
    assert all(verb and verb.name == name for name in ALL_VERBS for verb in [main.get_command(context, name)])


def test_a_command_is_submitted_and_its_receipt_printed(here: Path) -> None:
    """In a process of its own, as people run it: the store is between it and the hosting process."""
    with stored(here, LIVE, COMING) as database, answering(database) as heard:
        done = ended(convenor("extend", "5m", "q3", cwd=here, env={"LOGNAME": "pretend"}), 0)
        found = as_json(convenor("say", "s/coming", "We start soon,", "really", "--json", cwd=here))
    assert done.stdout == "extend 5m q3: done\n"
    assert found == {"outcome": "done", "receipt": "say We start soon, really: done", "chat": "s/coming"}
    first, second = heard
    assert (first.place, first.author.id, first.role, first.chat) == (PLACE, "pretend", "admin", "s/live")
    assert (second.chat, first.id != second.id) == ("s/coming", True)
    assert abs(first.at - soon(0)) < HOUR


@pytest.mark.parametrize("outcome", ["refused", "denied", "misread", "late"])
def test_a_command_that_was_not_done_ends_with_1(outcome: Outcome, here: Path) -> None:
    with stored(here, LIVE) as database, answering(database, outcome):
        assert say("next", code=1).stdout == f"next: {outcome}\n"
        assert json.loads(say("next", "--json", code=1).stdout)["outcome"] == outcome


def test_without_a_hosting_process_the_command_is_withdrawn(here: Path) -> None:
    with stored(here, LIVE) as database:
        done = ended(convenor("next", cwd=here), 2)
        assert done.stdout == ""
        assert "is `convenor run` running on this store? The command is withdrawn." in done.stderr
        assert database.read_sync(commands.waiting) == []


def test_a_short_form_and_a_part_of_a_name(here: Path) -> None:
    with stored(here, LIVE, SECOND) as database, answering(database) as heard:
        say("n", "second")
        say("extend", "s/live", "5m")
        say("hold", "live", "all")
    assert [(one.text, one.chat) for one in heard] == [
        ("next", "s/second"),
        ("extend 5m", "s/live"),
        ("hold all", "s/live"),
    ]


def test_the_choice_of_the_chat(here: Path) -> None:
    with stored(here) as database, answering(database) as heard:
        assert "No chat is in the store yet" in say("next", code=1).stderr
        for chat in (FAR, OVER, COMING, LIVE):
            database.write_sync(chats.save_chat, chat, chat.ends)
            if chat == FAR:
                assert "No chat is live, and none begins within a day" in say("next", code=1).stderr
            else:
                say("next")
        database.write_sync(chats.save_chat, SECOND, SECOND.ends)
        unclear = say("next", code=1).stderr
        database.write_sync(chats.save_state, LIVE.name, chats.ChatState(cancelled=True))
        say("next")
        assert "No single chat is called 's/none'" in say("next", "s/none", code=2).stderr
        assert "No single chat is called 's/none'" in say("say", "s/none", "Hello", code=2).stderr
    assert [one.chat for one in heard] == ["s/over", "s/coming", "s/live", "s/second"]
    assert "s/live" in unclear
    assert "s/second" in unclear
    assert "Name one: `convenor next s/" in unclear


NAMES = {"otalk/one", "otalk/two", "plain"}


@pytest.mark.parametrize(
    ("line", "chat", "text"),
    [
        ("next", None, "next"),
        ("next otalk/one", "otalk/one", "next"),
        ("next plain", "plain", "next"),
        ("next two", "two", "next"),
        ("next nowhere", None, "next nowhere"),
        ("next elsewhere/one", "elsewhere/one", "next"),
        ("extend otalk/one 5m q3", "otalk/one", "extend 5m q3"),
        ("skip q4", None, "skip q4"),
        ("edit otalk/one q4 Better words", "otalk/one", "edit q4 Better words"),
        ("edit q4 otalk/one", None, "edit q4 otalk/one"),
        ("say and/or both", None, "say and/or both"),
        ("say otalk/three Hello", "otalk/three", "say Hello"),
        ("say one more thing", None, "say one more thing"),
        ("hide x/123", None, "hide x/123"),
        ("hide otalk/one x/123", "otalk/one", "hide x/123"),
        ("hide https://example.org/status/123", None, "hide https://example.org/status/123"),
        ("mute @kate 10m", None, "mute @kate 10m"),
        ("ban plain @kate", "plain", "ban @kate"),
        ("mute Cas 10m", None, 'mute "Cas" 10m'),
        ("mute Cas Pretend 10m", None, "mute Cas Pretend 10m"),
        ("end otalk/one yes", "otalk/one", "end yes"),
        ("hold all", None, "hold all"),
    ],
)
def test_a_first_word_that_names_a_chat(line: str, chat: str | None, text: str) -> None:
    verb, *words = line.split()
    assert split_words(BY_WORD[verb], tuple(words), NAMES, {"x", "room"}) == (chat, text)


@pytest.mark.parametrize(
    ("words", "chat", "text"),
    [
        (("Cas Pretend",), None, 'mute "Cas Pretend"'),
        (("Cas Pretend", "10m"), None, 'mute "Cas Pretend" 10m'),
        (("plain", "Cas Pretend", "10m"), "plain", 'mute "Cas Pretend" 10m'),
        (("otalk/one", "Cas"), "otalk/one", 'mute "Cas"'),
    ],
)
def test_a_name_keeps_the_quotes_that_the_shell_takes(words: tuple[str, ...], chat: str | None, text: str) -> None:
    assert split_words(BY_WORD["mute"], words, NAMES, {"x", "room"}) == (chat, text)


def test_a_quoted_text_is_no_chat() -> None:
    assert split_words(BY_WORD["say"], ("otalk/one is the best",), NAMES, ()) == (None, "say otalk/one is the best")


def test_dangerous_commands_need_confirmation(here: Path) -> None:
    with stored(here, LIVE) as database, answering(database) as heard:
        done = say("end", code=1)
        assert done.stderr == "Close the chat now. That is to be confirmed: add --yes. Nothing is done yet.\n"
        assert say("ban", "@kate", "--json", code=1).stdout == ""
        say("end", "--yes")
        say("cancel", "s/live", "--yes")
        say("start-now", "yes")
        say("ban", "--yes", "@kate")
        say("next", "--yes", code=2)
    assert [one.text for one in heard] == ["end yes", "cancel yes", "start now yes", "ban @kate yes"]


@pytest.mark.parametrize(("typed", "code", "texts"), [("y", 0, ["end yes"]), ("n", 1, [])])
def test_a_terminal_asks_for_confirmation(typed: str, code: int, texts: list[str], here: Path) -> None:
    with stored(here, LIVE) as database, answering(database) as heard:
        ours, theirs = pty.openpty()
        os.write(ours, f"{typed}\n".encode())
        done = subprocess.run(  # noqa: S603 -- our own program
            [CONVENOR, "end"], cwd=here, env=environment(), stdin=theirs, capture_output=True, timeout=180, check=False
        )
        os.close(ours)
        os.close(theirs)
    assert done.returncode == code, done
    assert b"This is for s/live. Are you sure?" in done.stderr
    assert [one.text for one in heard] == texts


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (["extend"], "Say how long, like `extend 5m`."),
        (["extend", "forever"], "I could not read that."),
        (["say"], "Say what"),
        (["say", "\x1b[2J"], "invisible control character"),
        (["say", "a" * 2001], "make it at most 2000"),
        (["skip", "q0"], "I could not read that."),
        (["mute", "\x1b]0;x\x07"], "I could not read that."),
        (["next", "' OR 1=1 --"], "stands alone"),
    ],
)
def test_a_misread_command_gets_a_hint_and_is_not_submitted(line: list[str], hint: str, here: Path) -> None:
    with stored(here, LIVE) as database:
        done = say(*line, code=1)
        assert database.read_sync(commands.waiting) == []
    assert hint in done.stdout
    assert "\x1b" not in done.output
    found = json.loads(say(*line, "--json", code=1).stdout)
    assert (found["outcome"], found["chat"]) == ("misread", None)


def test_bytes_that_are_not_text(here: Path) -> None:
    with stored(here, LIVE) as database, answering(database) as heard:
        for words in ([b"say", b"caf\xe9"], [b"handover", b'"\xff"'], [b"next", b"s/\xff"]):
            done = subprocess.run(  # noqa: S603 -- our own program
                [CONVENOR.encode(), *words], cwd=here, env=environment(), capture_output=True, timeout=180, check=False
            )
            assert b"Traceback" not in done.stderr
            assert done.returncode in {1, 2}
    assert heard == []


def test_a_receipt_cannot_control_the_terminal(here: Path) -> None:
    with stored(here, LIVE) as database:
        said = Command(
            place="x",
            id="9",
            author=Author(id="9", name="\x1b[31mPretend"),
            text="next\x1b[2J",
            chat=LIVE.name,
            at=soon(-1),
        )
        database.write_sync(commands.enqueue, [said])
        database.write_sync(
            commands.save_outcome, msgspec.structs.replace(said, outcome="denied", receipt="No."), name="next"
        )
        shown = say("status", code=1).output
    assert "\x1b" not in shown
    assert "next [2J  (denied)" in shown
