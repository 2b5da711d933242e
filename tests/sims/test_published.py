"""The check against the published contracts: what it finds, what it lets pass, and how a test run ends by it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.sims import comparison
from tests.sims.simulator import ROOT, simulator
from tests.sims.simulator_server import EXCHANGES

pytestmark = pytest.mark.skipif(not comparison.SPECS.is_dir(), reason=comparison.MISSING)

POST = {"data": {"id": "1", "text": "Hello"}}
CONFTEST = """
import pytest
from tests.sims import comparison

def pytest_configure(config):
    comparison.begin(config)

@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    comparison.finish(session, exitstatus)

def pytest_terminal_summary(terminalreporter):
    comparison.summarise(terminalreporter)
"""
CASE = """
import urllib.error, urllib.request
import pytest
from tests.sims.simulator import simulator

@pytest.mark.parametrize("number", range(2))
def test_asks(number):
    with simulator("x") as x, pytest.raises(urllib.error.HTTPError):
        me = f"{x.address}/2/users/me?colour=red"
        ask = urllib.request.Request(me, headers={"Authorization": "Bearer user-token"})
        urllib.request.urlopen(ask)
"""


def exchange(method: str, path: str, body: object = None, answer: object = POST, **more: object) -> dict[str, Any]:
    kind = "application/json" if body is not None else "application/octet-stream"
    made = {
        "method": method,
        "url": f"http://127.0.0.1:1{path}",
        "path": path,
        "query": [],
        "headers": {"Content-Type": kind},
        "content_type": kind,
        "body": json.dumps(body) if body is not None else "",
        "status": 201,
        "answer_type": "application/json",
        "answer": json.dumps(answer),
    }
    return made | more


def found(folder: Path, *several: dict[str, Any], platform: str = "x") -> list[str]:
    from tests.sims import published  # noqa: PLC0415 -- its library takes long to import, in every process

    (folder / f"{platform}-1.jsonl").write_text("".join(json.dumps(one) + "\n" for one in several))
    return published.check(folder)


def test_what_the_simulator_does_is_as_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.sims import published  # noqa: PLC0415 -- its library takes long to import, in every process

    monkeypatch.setenv(EXCHANGES, str(tmp_path))
    with simulator("x", visible_after=0) as x:
        x.tell("say", by="pretend_a", text="Hello @OTalk_ #OTalk https://example.org", quote_of=None)
        everything = "author_id,created_at,conversation_id,entities,public_metrics,edit_controls,display_text_range"
        for path in (
            f"/2/users/1000/mentions?tweet.fields={everything}&expansions=author_id&user.fields=public_metrics",
            "/2/tweets/search/recent?query=%23otalk&max_results=10",
            "/2/tweets?ids=1,2",
        ):
            ask = urllib.request.Request(x.address + path, headers={"Authorization": "Bearer user-token"})  # noqa: S310 -- ours
            urllib.request.urlopen(ask).close()  # noqa: S310 -- as above
    assert list(published.shapes(list(tmp_path.iterdir()))) != []
    assert published.check(tmp_path) == []


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (exchange("POST", "/2/tweets", {"text": "a", "colour": 1}), "colour"),
        (exchange("POST", "/2/tweets", {"text": 1}), "1 is not of type 'string'"),
        (exchange("POST", "/2/media/metadata", {"id": "1", "metadata": {"alt_txt": {}}}, {}, status=200), "'alt_txt'"),
        (exchange("POST", "/2/tweets", {"text": "a"}, query=[["dry", "1"]]), "the query has 'dry'"),
        (exchange("GET", "/2/users/1/mentions", None, {"data": []}, status=200), "should be non-empty"),
        (exchange("GET", "/2/users/1/mentions", None, {}, status=200, query=[["max_results", "1"]]), "minimum of 5"),
        (exchange("POST", "/2/tweets", {"text": "a"}, {"data": {"id": "1"}}), "'text' is a required property"),
        (exchange("POST", "/2/nowhere", {}), "no such path"),
        (exchange("PATCH", "/2/tweets", {}), "no such path"),
    ],
)
def test_what_does_not_fit_is_said(tmp_path: Path, wrong: dict[str, Any], why: str) -> None:
    problems = found(tmp_path, wrong)
    assert problems
    assert all(why in one and one.startswith("x: ") for one in problems)


def test_faults_and_known_differences_pass(tmp_path: Path) -> None:
    body = {"media": "aGVsbG8=", "media_category": "tweet_image"}
    several = [
        exchange("POST", "/2/media/upload", body, {"data": {"id": "1", "media_key": "3_1"}}, status=200),
        exchange("POST", "/2/tweets", {"text": "a"}, status=503, answer_type="text/html", answer="<html>"),
        exchange("POST", "/2/tweets", {"text": "a"}, {"title": 1}, status=429),
        exchange("POST", "/2/tweets", {"text": "a"}, {}, status=403),
    ]
    assert found(tmp_path, *several) == []


def test_one_of_each_shape_is_looked_at(tmp_path: Path) -> None:
    from tests.sims import published  # noqa: PLC0415 -- its library takes long to import, in every process

    file = tmp_path / "x-1.jsonl"
    several = [exchange("DELETE", f"/2/tweets/{number}", answer={"data": {"deleted": True}}) for number in range(1000)]
    several.append(exchange("DELETE", "/2/tweets/5", answer={"data": {"deleted": "yes"}}))
    file.write_text("\n".join(json.dumps(one) for one in several))
    assert len(list(published.shapes([file]))) == 2


def test_discord_has_its_own_contract(tmp_path: Path) -> None:
    path = "/api/v10/channels/1234567890123456/messages"
    good = exchange("POST", path, {"content": "Hello", "nonce": "a", "enforce_nonce": True}, {}, status=500)
    bad = exchange("POST", path, {"content": "Hello", "allowed_mentions": {"parse": [], "any": 1}}, {}, status=500)
    kind = "multipart/form-data; boundary=b"
    inner = 'Content-Disposition: form-data; name="payload_json"\r\n\r\n{"contents": 1}\r\n--b--\r\n'
    form = good | {"headers": {"Content-Type": kind}, "content_type": kind.partition(";")[0], "body": "--b\r\n" + inner}
    problems = found(tmp_path, good, bad, form, platform="discord")
    assert [("'any'" in one, "'contents'" in one) for one in problems] == [(False, True), (True, False)]


def test_a_run_of_several_workers_fails_by_it(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_case.py").write_text(CASE)
    environment = {name: value for name, value in os.environ.items() if name not in {EXCHANGES, "PYTEST_ADDOPTS"}}
    ended = subprocess.run(  # noqa: S603 -- our own
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 passed" in ended.stdout
    assert "x: request of GET /2/users/me (400): the query has 'colour'" in ended.stdout
    assert ended.returncode == 1


def test_without_contracts_it_is_said(monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> None:
    said: list[str] = []
    monkeypatch.setattr(comparison, "SPECS", Path("nowhere"))
    monkeypatch.setattr(comparison, "_said", said)
    monkeypatch.delenv(EXCHANGES, raising=False)
    if not hasattr(pytestconfig, "workerinput"):
        comparison.begin(pytestconfig)
        assert said == [comparison.MISSING]
        assert EXCHANGES not in os.environ
