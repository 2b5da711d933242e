"""Several places, for operators and hosts: the cost of a chat, warnings, and faults of the set-up."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from bot.authoring import check
from bot.messages import Post
from bot.ports.inbound import Charge
from bot.settings.settings import load_settings
from bot.store import chats, ledger, place_status, planned_posts
from bot.store.database import Database
from bot.store.place_status import Concern, PlaceStatus
from bot.wiring.adapters import traits
from tests.cli.run import as_json, convenor, ended, put, soon
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON

PLACES = '[places.room]\n[places.x]\nhandle = "@pretend"\n[places.discord]\n'
CHAT = 'title = "A chat"\nhashtag = "#t"\nstarts = 2020-10-13T20:00:00\ntimezone = "Europe/London"\n'
QUESTION = '[[questions]]\ntext = "One?"\n'
QUIET = 'ignore = ["long", "holiday"]\n'  # this is not about advice
LONG = f'[[questions]]\ntext = "{"Many words. " * 30}"\n'


def written(folder: Path, *, places: str = PLACES, chat: str = CHAT + QUESTION) -> Path:
    put(folder / "config.toml", places)
    return put(folder / "schedules" / "s" / "one.toml", chat)


def checked(folder: Path, *, places: str = PLACES, chat: str = CHAT + QUESTION) -> dict[str, object]:
    """The output of `check --json`, without starting a process."""
    file = written(folder, places=places, chat=chat)
    settings = load_settings(folder / "config.toml")
    found = check.as_data([check.check_file(file, traits(settings), root=settings.schedules)])
    plain: dict[str, object] = json.loads(msgspec.json.encode(found))
    return plain


def messages(found: dict[str, object]) -> list[str]:
    problems = found["problems"]
    assert isinstance(problems, list)
    return [f"{one['severity']}: {one['message']}" for one in problems]


def test_each_place_has_a_preview_and_x_has_a_cost(tmp_path: Path) -> None:
    file = written(tmp_path)
    found = as_json(convenor("check", "--json", file, cwd=tmp_path))
    assert (found["ok"], [one["severity"] for one in found["problems"]]) == (True, ["warning"]), "the chat is over"
    previews, cost = found["previews"], found["cost"]
    assert isinstance(previews, dict)
    assert isinstance(cost, dict)
    assert list(previews) == ["room", "x", "discord"]
    assert {name: {one["limit"] for one in shown} for name, shown in previews.items()} == {
        "room": {2000},
        "x": {280},
        "discord": {2000},
    }
    assert list(cost) == ["x"]
    assert (cost["x"]["currency"], 0.06 <= cost["x"]["low"] < cost["x"]["high"] <= 2.0) == ("USD", True)
    rules = {name: shown[1]["parts"][0]["text"] for name, shown in previews.items()}
    assert rules["x"] == f"{rules['room']} (13 October 2020, 20:00)"


def test_people_see_the_cost_in_a_sentence(tmp_path: Path) -> None:
    written(tmp_path)
    done = ended(convenor("check", "schedules/s/one.toml", cwd=tmp_path, env={"COLUMNS": "120"}), 0)
    assert "A chat of 50 answers costs about $0." in done.stdout
    assert done.stdout.count("costs about") == 1


def test_a_second_link_costs_and_is_left_out(tmp_path: Path) -> None:
    linked = '[[questions]]\ntext = "One? https://example.org/1"\n[[questions]]\ntext = "Two? https://example.org/2"\n'
    plain = checked(tmp_path)["cost"]
    found = checked(tmp_path, chat=CHAT + linked)
    dear = found["cost"]
    assert isinstance(plain, dict)
    assert isinstance(dear, dict)
    assert round(dear["x"]["low"] - plain["x"]["low"], 4) == 0.2
    [doubt] = messages(found)
    assert doubt.startswith("warning: 'q2' is posted on X without its link")
    assert found["ok"] is True


def test_long_posts_are_split_or_a_mistake_depending_on_the_settings(tmp_path: Path) -> None:
    found = checked(tmp_path, chat=QUIET + CHAT + LONG)
    assert (found["ok"], messages(found)) == (True, [])
    strict = PLACES.replace('"@pretend"\n', '"@pretend"\nlong = "error"\n')
    found = checked(tmp_path, places=strict, chat=QUIET + CHAT + LONG)
    [mistake] = messages(found)
    assert found["ok"] is False
    assert mistake.startswith("error: 'q1' is ")
    assert "X takes 280; shorten it, or write a shorter one for x in its says." in mistake
    shorter = f'{QUIET}{CHAT}{LONG}[questions.says]\nx = "One?"\n'
    assert messages(checked(tmp_path, places=strict, chat=shorter)) == []


def test_a_second_account_needs_texts_of_its_own(tmp_path: Path) -> None:
    places = '[places.x]\n[places.uni]\nplatform = "x"\n'
    found = checked(tmp_path, places=places)
    assert [one for one in messages(found) if "'q1' is not posted in uni" in one]
    assert found["ok"] is True
    previews = found["previews"]
    assert isinstance(previews, dict)
    assert all(not one["parts"] for one in previews["uni"])
    own = checked(tmp_path, places=places, chat=f'{CHAT}{QUESTION}[questions.says]\nuni = "And you?"\n')
    assert not [one for one in messages(own) if "'q1'" in one]


def test_a_doctor_in_a_fresh_folder_says_what_to_do(tmp_path: Path) -> None:
    put(
        tmp_path / "config.toml",
        '[places.room]\nport = 0\n[places.x]\nhandle = "@pretend"\nconsumer_secret = "hunter2"\n',
    )
    done = convenor("doctor", "--json", cwd=tmp_path)
    found = as_json(done, 1)
    assert all(list(one) == ["about", "level", "text", "remedy"] for one in found)
    assert {"disk", "store", "schedules", "room", "x"} <= {one["about"] for one in found}
    wrong = [one for one in found if one["level"] == "wrong"]
    assert {one["about"] for one in wrong} == {"x"}
    assert all("consumer_key" in one["text"] + one["remedy"] for one in wrong)
    assert "hunter2" not in done.stdout + done.stderr
    assert sorted(one.name for one in tmp_path.iterdir()) == ["config.toml"], "it changes nothing"


def test_a_doctor_for_people(tmp_path: Path) -> None:
    put(tmp_path / "config.toml", "[places.room]\nport = 0\n")
    put(tmp_path / "schedules" / "s" / "bad.toml", "title = 1\n")
    done = ended(convenor("doctor", cwd=tmp_path), 1)
    assert "✗ schedules: 1 of 1 chat files have mistakes." in done.stdout
    assert "→ convenor check " in done.stdout
    assert done.stdout.rstrip().endswith("1 to put right.")


def test_a_doctor_names_chats_that_run_at_the_same_time(tmp_path: Path) -> None:
    put(tmp_path / "config.toml", "[places.room]\nport = 0\n")
    for name, start in {
        "one": "2030-01-01T20:00:00",
        "two": "2030-01-01T20:30:00",
        "far": "2030-01-02T20:00:00",
    }.items():
        put(tmp_path / "schedules" / "s" / f"{name}.toml", CHAT.replace("2020-10-13T20:00:00", start) + QUESTION)
    found = [one for one in as_json(convenor("doctor", "--json", cwd=tmp_path)) if one["about"] == "schedules"]
    assert {one["level"] for one in found} == {"doubt"}
    assert [one["text"].split(" runs at the same time")[0] for one in found] == ["s/one: s/two", "s/two: s/one"]


def test_the_status_has_chats_places_and_concerns(tmp_path: Path) -> None:
    now, chat = soon(0), a_chat()
    text = "The token is not accepted. Put the right one into [places.x]."
    database = Database(f"sqlite:///{tmp_path / 'convenor.db'}")
    database.write_sync(chats.save_chat, chat, chat.ends)
    post = Post(chat=chat.name, key="q1", place="x", kind="question", text="?", nonce="n", due=NOON)
    database.write_sync(planned_posts.save_plan, [planned_posts.PlannedPost(post=post, expires=NOON)])
    database.write_sync(place_status.save_statuses, [PlaceStatus(place="x", state="lost", since=now, reason=text)])
    database.write_sync(place_status.save_statuses, [PlaceStatus(place="room", state="connected", since=now)])
    database.write_sync(
        place_status.save_statuses, [PlaceStatus(place="talk", state="posting", since=now, reason="No way.")]
    )
    for key, at in (("x lost", now), ("x old", soon(-8 * 86400))):
        database.write_sync(place_status.add_concern, Concern(key=key, at=at, place="x", text=f"{text} {key}"))
    charge = Charge(what="post", resource="1", micros=216_000, at=now, chat=chat.name)
    database.write_sync(ledger.add_charges, [("x", charge), ("x", charge)])
    database.close()

    found = as_json(convenor("status", "--json", cwd=tmp_path), 1)
    assert list(found) == ["chats", "places", "concerns", "bot"]
    assert [(one["chat"], [post["key"] for post in one["posts"]]) for one in found["chats"]] == [("a/b", ["q1"])]
    assert [(one["place"], one["state"], one["spent_this_month"]) for one in found["places"]] == [
        ("room", "connected", 0),
        ("talk", "posting", 0),
        ("x", "lost", 0.216),
    ]
    assert [(one["place"], one["text"]) for one in found["concerns"]] == [("x", f"{text} x lost")]
    assert found["places"][2]["since"].endswith("Z")

    done = ended(convenor("status", cwd=tmp_path), 1)
    assert "x: lost since" in done.stdout
    assert "talk: posting, not hearing since" in done.stdout
    assert "$0.22 this month" in done.stdout
    assert f"To see to, x: {text} x lost" in done.stdout
