"""The verbs end any input with 0, 1 or 2 and a plain message, never with a traceback."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cli import main
from tests.cli.run import DATA

SOME = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

words = st.sampled_from(
    [
        b'title = "A"\n',
        b"starts = 2020-10-13T20:00:00\n",
        b"starts = 2020-10-13\n",
        b'timezone = "Europe/London"\n',
        b'timezone = "../../etc/passwd"\n',
        b"timezone = 5\n",
        b"[[questions]]\n",
        b'text = "One?"\n',
        b"[questions]\n",
        b"[[hosts]]\n",
        b'[places]\nroom = "x"\n',
        b"[places.room]\n",
        b"port = 1e400\n",
        b'every = "1e9h"\n',
        b'length = "0s"\n',
        b'at = "366d"\n',
        b'image = "/etc/passwd"\n',
        b'image = "\\u0000.png"\n',
        b"= = =\n",
        b'"\\ud800" = 1\n',
        b"a.b.c = [[[]]]\n",
        b"[store]\n",
        b'url = "sqlite:///%00"\n',
        b'url = "postgresql://[::1"\n',
        b"\xff\xfe\n",
        b"\r",
        b"'''",
    ]
)
files = st.one_of(st.binary(max_size=200), st.lists(words, max_size=12).map(b"".join))
events = st.one_of(
    st.binary(max_size=200),
    st.tuples(
        st.sampled_from((DATA / "events.jsonl").read_bytes().splitlines()),
        st.integers(0, 200),
        st.one_of(st.binary(max_size=4), st.sampled_from([b"null", b"\\ud800", b"1e999", b'"', b"{}", b"9999-12-31"])),
    ).map(lambda one: one[0][: one[1]] + one[2] + one[0][one[1] + len(one[2]) :]),
)


def say(*line: str, codes: frozenset[int] = frozenset({0, 1, 2})) -> None:
    found = CliRunner().invoke(main, line)
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    assert found.exit_code in codes


@given(file=files)
@SOME
def test_a_chat_file(file: bytes, here: Path) -> None:
    (here / "s" / "one.toml").write_bytes(file)
    say("check", "s/one.toml", codes=frozenset({0, 1}))
    say("check", "--json", "s/one.toml", "s/series.toml", codes=frozenset({0, 1}))


@given(chat=files, series=files)
@SOME
def test_a_chat_file_and_its_series(chat: bytes, series: bytes, here: Path) -> None:
    (here / "s" / "one.toml").write_bytes(chat)
    (here / "s" / "series.toml").write_bytes(series)
    say("check", "s/series.toml", "s/one.toml", codes=frozenset({0, 1}))
    (here / "s" / "series.toml").unlink()


@given(log=st.lists(events, max_size=6).map(b"\n".join))
@SOME
def test_an_event_log(log: bytes, here: Path) -> None:
    (here / "log.jsonl").write_bytes(log)
    say("replay", "log.jsonl", "--chat", str(DATA / "chat.toml"), "--out", "out", codes=frozenset({0, 1}))


@given(file=files)
@SOME
def test_settings(file: bytes, here: Path) -> None:
    (here / "any.toml").write_bytes(file)
    say("--config", "any.toml", "check", str(DATA / "chat.toml"), codes=frozenset({0, 2}))


@given(file=files)
@SOME
def test_a_script(file: bytes, here: Path) -> None:
    """With a valid chat, but nowhere to write to, so that no rehearsal starts."""
    (here / "any.toml").write_bytes(file)
    (here / "out").touch()
    say("rehearse", str(DATA / "chat.toml"), "--script", "any.toml", "--out", "out", codes=frozenset({1, 2}))
