"""`convenor run` on a store that falls silent, or is taken away: it says so, and no question is lost or asked twice."""

from __future__ import annotations

import html
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.store import outbox_queries, place_status
from bot.store.database import Database
from tests.cli.run import Hosting, a_chat, as_json, convenor, ended, eventually, hosting, put, soon
from tests.store.store_proxy import store_proxy

VISITOR = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
"""A browser: it keeps its cookies."""

QUESTIONS = ("Alpha?", "Beta?", "Gamma?", "Delta?", "Epsilon?", "Zeta?")


def joined(host: Hosting, chat: str, form: bytes) -> tuple[int, str | None, float]:
    """The status of the answer to somebody who joins, when to try again, and the seconds that it took."""
    began = time.monotonic()
    try:
        with VISITOR.open(f"{host.address}/{chat}/join", form, timeout=60) as answer:
            return answer.status, answer.headers["Retry-After"], time.monotonic() - began
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Retry-After"], time.monotonic() - began


def a_form(host: Hosting, chat: str) -> bytes:
    """The form with which somebody joins a chat."""
    with VISITOR.open(f"{host.address}/{chat}", timeout=60) as page:
        token = re.search(r'name="token" value="([^"]+)"', page.read().decode())
    assert token
    return urllib.parse.urlencode({"token": html.unescape(token[1]), "name": "Pretend participant"}).encode()


def logged(host: Hosting, event: str) -> list[dict[str, str]]:
    """The fields of these events in the log."""
    return [json.loads(line) for line in [*host.out, *host.err] if f'"event": "{event}"' in line]


def test_a_store_that_is_mute_for_a_while_costs_no_question(postgres_url: str, tmp_path: Path) -> None:
    """A chat of six questions, a second apart; the store is mute from the first on, until it is worth telling.

    It is mute once more when the bot is stopped. What it wrote is read past the proxy, while it stops.
    """
    put(tmp_path / "config.toml", "[places.room]\nport = 0\n")
    (tmp_path / "schedules").mkdir()
    with store_proxy(postgres_url) as (proxy, url), hosting(tmp_path, CONVENOR_STORE__URL=url) as host:
        put(tmp_path / "schedules" / "s" / "one.toml", a_chat(soon(5), "One", *QUESTIONS, length="8s", every="1s"))
        host.shows("s/one", "Alpha?")
        form = a_form(host, "s/one")
        proxy.mute()
        began = time.monotonic()
        answers = [joined(host, "s/one", form) for _ in range(2)]
        assert [answer[:2] for answer in answers] == [(503, "5")] * 2, answers
        [trouble, *_] = eventually(lambda: logged(host, "store.trouble"), "the log tells of it")
        worth_telling = datetime.fromisoformat(trouble["since"]) + timedelta(seconds=3)
        eventually(lambda: datetime.now(UTC) > worth_telling, "it is told in `status`, too")
        proxy.speak()
        silent = time.monotonic() - began
        host.shows("s/one", "That is the end of our chat.", within=120)
        eventually(lambda: logged(host, "store.back"), "and that it is over")
        assert joined(host, "s/one", form)[0] == 200
        late = eventually(lambda: lateness(postgres_url), "every post is out", 120)
        assert max(late) < silent + 12, (late, silent)
        eventually(lambda: concerns_of_the_store(postgres_url), "it is kept that the store was silent")
        form = a_form(host, "s/one")
        proxy.mute()
        assert joined(host, "s/one", form)[0] == 503
        host.process.terminate()
        env = {"CONVENOR_STORE__URL": postgres_url}
        concerns = as_json(convenor("status", "--json", cwd=tmp_path, env=env))["concerns"]
        assert any("The store took nothing from" in one["text"] for one in concerns), concerns
        lines = ended(convenor("export", "s/one", cwd=tmp_path, env=env), 0).stdout.splitlines()
        posted = [event["key"] for event in map(json.loads, lines) if event["type"] == "posted"]
        assert sorted(posted) == ["closing", *(f"q{number}" for number in range(1, 7)), "rules", "welcome"]
        assert host.process.wait(60) in (0, 1)


def concerns_of_the_store(url: str) -> object:
    """What is told of the store in `status`."""
    with closing(Database(url)) as database:
        return database.read_sync(place_status.concerns_at, "store")


def lateness(url: str) -> list[float]:
    """How many seconds late each post was sent, once all are."""
    with closing(Database(url)) as database:
        rows = database.read_sync(outbox_queries.outbox_rows)
    late = [(row.sent_at - row.post.due).total_seconds() for row in rows if row.sent_at is not None]
    return late if {row.state for row in rows} == {"sent"} else []


def test_a_store_file_that_was_moved_takes_nothing_until_it_is_back(tmp_path: Path) -> None:
    put(tmp_path / "config.toml", "[places.room]\nport = 0\n")
    (tmp_path / "schedules").mkdir()
    file, aside = tmp_path / "convenor.db", tmp_path / "aside.db"
    with hosting(tmp_path) as host:
        file.rename(aside)
        eventually(lambda: logged(host, "store.trouble"), "it is noticed")
        put(tmp_path / "schedules" / "s" / "one.toml", a_chat(soon(3), "One", "Alpha?", length="5m"))
        eventually(lambda: logged(host, "scheduler.files_not_read"), "nothing is planned")
        assert not file.exists()
        aside.rename(file)
        host.shows("s/one", "Alpha?")
        assert host.end() == 0
