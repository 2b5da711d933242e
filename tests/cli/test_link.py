"""`convenor link`: a private link to the room, made, listed and revoked from a shell."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from bot.chat import Chat, Host
from bot.cli import main
from bot.store import private_links
from bot.store.database import Database
from tests.cli.run import convenor, ended, put, soon, stored
from tests.fakes.chats import a_chat

LED = msgspec.structs.replace(
    a_chat(starts=soon(3600), name="s/led"),
    hosts=(Host(name="Pretend host"),),
    moderators=(Host(name="Pretend moderator"),),
)
ROOM = '[places.room]\nport = 8099\npublic_url = "https://chat.example.org/"\n'


def say(*line: str, code: int = 0) -> Result:
    found = CliRunner().invoke(main, ["link", *line])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    assert found.exit_code == code, (found.exit_code, found.output)
    return found


def test_links_are_made_listed_and_revoked(here: Path) -> None:
    put(here / "config.toml", ROOM)
    with stored(here, LED) as database:
        done = ended(convenor("link", "led", cwd=here), 0)
        address, who, how = done.stdout.splitlines()
        base, _, key = address.rpartition("/")
        assert base == "https://chat.example.org/host"
        assert who.startswith("Whoever has this address can lead s/led as Pretend host (host), until ")
        found = database.read_sync(private_links.find_by_key, key, soon(0))
        assert found
        assert (found.name, found.role) == ("Pretend host", "host")
        assert how.startswith("It is shown only this once.")
        assert how.endswith(f"convenor link s/led --revoke {found.id}")
        assert key not in done.stderr

        made = json.loads(say("s/led", "--role", "moderator", "--json").stdout)
        assert list(made) == ["id", "chat", "name", "role", "url", "ends"]
        assert (made["name"], made["role"], made["chat"]) == ("Pretend moderator", "moderator", "s/led")
        listed = say("s/led", "--list").stdout
        assert found.id in listed
        assert made["id"] in listed
        assert key not in listed
        known = json.loads(say("s/led", "--list", "--json").stdout)["links"]
        assert {one["id"] for one in known} == {found.id, made["id"]}
        assert all(list(one) == ["id", "name", "role", "since"] for one in known)

        assert "--list` lists them" in say("s/led", "--revoke", "nobody", code=1).stderr
        assert say("s/led", "--revoke", found.id).stdout == "1 link to s/led revoked.\n"
        assert database.read_sync(private_links.find_by_key, key, soon(0)) is None
        assert json.loads(say("s/led", "--revoke", "all", "--json").stdout) == {"revoked": 1}
        assert say("s/led", "--revoke", "all").stdout == "0 links to s/led revoked.\n"
        assert "There is no private link" in say("s/led", "--list").stdout


@pytest.mark.parametrize(
    ("settings", "base", "doubt"),
    [
        (ROOM, "https://chat.example.org/host/", ""),
        ("[places.room]\nport = 8099\n", "http://127.0.0.1:8099/host/", "no public_url"),
        ('[places.room]\nport = 8099\nhost = "::1"\n', "http://[::1]:8099/host/", "no public_url"),
        ("[places.room]\nport = 0\n", "http://127.0.0.1:0/host/", "in place of 0"),
    ],
)
def test_the_address_of_the_room(settings: str, base: str, doubt: str, here: Path) -> None:
    put(here / "config.toml", settings)
    with stored(here, LED):
        done = say("led")
    assert done.stdout.startswith(base)
    assert doubt in done.stderr
    assert bool(doubt) is bool(done.stderr)


def chat(**more: object) -> Chat:
    return msgspec.structs.replace(LED, **more)


@pytest.mark.parametrize(
    ("settings", "known", "words", "code", "remedy"),
    [
        ("[places.x]\n", LED, [], 1, "Add [places.room] to the settings"),
        (ROOM + "[places.x]\n", chat(places=("x",)), [], 1, "and to the chat's places"),
        (ROOM, chat(starts=soon(-15 * 86400)), [], 1, "is long over"),
        (ROOM, chat(name="s/other"), ["--list"], 2, "No single chat is called 's/led'. Chats in the store: s/other."),
        (ROOM, LED, ["--name", ""], 1, "1 to 60 characters"),
        (ROOM, LED, ["--name", "a" * 61], 1, "1 to 60 characters"),
        (ROOM, LED, ["--name", "\x1b[2J\u202e"], 1, "all of them visible"),
        (ROOM, LED, ["--role", "admin"], 2, "'admin' is not one of"),
        (ROOM, LED, ["--list", "--revoke", "all"], 2, "do not go together"),
        (ROOM, LED, ["--rehearsal"], 1, "No rehearsal is on. `convenor rehearse FILE` begins one."),
    ],
)
def test_why_no_link_can_be_made(
    settings: str, known: Chat, words: list[str], code: int, remedy: str, here: Path
) -> None:
    put(here / "config.toml", settings)
    with stored(here, known) as database:
        done = say("s/led", *words, code=code)
        assert database.read_sync(private_links.active_links, known.name) == []
    assert remedy in done.stderr
    assert done.stdout == ""


def test_a_given_name_is_put_on_one_line(here: Path) -> None:
    put(here / "config.toml", ROOM)
    with stored(here, LED):
        assert json.loads(say("led", "--name", " Pretend\n deputy ", "--json").stdout)["name"] == "Pretend deputy"


def test_yesterdays_chat_can_still_be_led(here: Path) -> None:
    """Its moderation queue may still need a moderator."""
    put(here / "config.toml", ROOM)
    with stored(here, chat(starts=soon(-timedelta(days=1).total_seconds()))):
        say("led")


def test_a_link_to_the_teams_page_is_made_listed_and_revoked(here: Path) -> None:
    put(here / "config.toml", ROOM)
    put(here / "schedules" / "otalk" / "series.toml", 'hashtag = "#OTalk"\n')
    made = json.loads(say("--team", "otalk", "--name", "Ada Pretend", "--json").stdout)
    assert list(made) == ["id", "series", "name", "url", "ends"]
    with closing(Database(f"sqlite:///{here / 'convenor.db'}")) as database:
        key = made["url"].rpartition("/")[2]
        found = database.read_sync(private_links.find_by_key, key, soon(0))
        assert found
        assert (found.team, found.plans("otalk"), found.plans("nurses"), found.is_to("otalk/led")) == (
            *(True, True),
            *(False, False),
        )
        assert made["id"] in say("--team", "otalk", "--list").stdout
        assert "There is no private link" in say("--team", "--list").stdout, "a link to one series is none to all"
        assert say("--team", "otalk", "--revoke", made["id"]).stdout == "1 link to the team's page of otalk revoked.\n"
        assert database.read_sync(private_links.find_by_key, key, soon(0)) is None
    assert "There are: otalk." in say("--team", "nurses", code=1).stderr
    assert "Whoever has this address can open the team's page of all series as Team" in say("--team").stdout
    assert "convenor link --team" in say(code=2).stderr
