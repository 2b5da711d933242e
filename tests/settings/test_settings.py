"""The settings: their sources in order, and every mistake with its place."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr
from sqlalchemy.engine import make_url

from bot.errors import InputError
from bot.settings.places import SECRETS, DiscordPlace, RoomPlace, XPlace
from bot.settings.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def _empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("CONVENOR_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def config(text: str) -> Path:
    path = Path("config.toml").absolute()
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path | None = None) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_settings(path)
    return [str(problem).removeprefix(f"{Path.cwd()}/") for problem in caught.value.problems]


def test_defaults(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.schedules == tmp_path / "schedules"
    assert settings.store.url == f"sqlite:///{tmp_path}/convenor.db"
    assert settings.hosting.shift == timedelta(minutes=15)
    assert settings.places == {"room": RoomPlace(platform="room")}


@pytest.mark.parametrize(
    "url", ["", '[store]\nurl = "sqlite:///convenor.db"\n', '[store]\nurl = "sqlite:///./convenor.db"\n']
)
def test_the_database_is_beside_the_settings_whatever_the_folder_is_called(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "100% ours? [née #1] %41"
    folder.mkdir()
    monkeypatch.chdir(folder)
    settings = load_settings(config(url) if url else None)
    assert Path(make_url(settings.store.url).database or "") == folder / "convenor.db"


def test_the_file_here_and_the_one_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config('[log]\nlevel = "debug"\n')
    assert load_settings().log.level == "debug"
    other = tmp_path / "other"
    other.mkdir()
    (other / "c.toml").write_text('schedules = "s"\n[log]\nlevel = "error"\n')
    monkeypatch.setenv("CONVENOR_CONFIG", str(other / "c.toml"))
    assert load_settings().log.level == "error"
    assert load_settings().schedules == other / "s"
    assert load_settings(tmp_path / "config.toml").log.level == "debug"


def test_a_named_file_must_be_there() -> None:
    assert "no such file" in refused(Path("nowhere.toml"))[0]


def test_the_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config('[hosting]\nlate = "30s"\nlead = "5s"\n[places.room]\nplatform = "room"\nport = 1\nlongest = 7\n')
    (tmp_path / "late").write_text("90s\n")
    monkeypatch.setenv("CONVENOR_HOSTING__LATE_FILE", str(tmp_path / "late"))
    monkeypatch.setenv("CONVENOR_PLACES__ROOM__PORT", "0")
    settings = load_settings()
    assert (settings.hosting.late, settings.hosting.lead) == (timedelta(seconds=90), timedelta(seconds=5))
    room = settings.places["room"]
    assert isinstance(room, RoomPlace)
    assert (room.port, room.longest) == (0, 7)


def test_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVENOR_PLACES__ROOM__HOST", "0.0.0.0")
    monkeypatch.setenv("CONVENOR_PLACES__ROOM__BEHIND_PROXY", "true")
    room = load_settings().places["room"]
    assert isinstance(room, RoomPlace)
    assert (room.host, room.behind_proxy, room.port) == ("0.0.0.0", True, 8080)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('schedule = "x"', "config.toml:1:1: 'schedule' is not a known key; did you mean 'schedules'?"),
        (
            '[log]\nschedules = "s"',
            "config.toml:2:1: 'schedules' belongs to the whole file; move it up, above [log].",
        ),
        ("[hosting]\nlatte = 1", "config.toml:2:1: 'latte' is not a known key; did you mean 'late'?"),
        ('[hosting]\nlate = "soon"', "config.toml:2:8: 'late' is 'soon'; write it like \"10m\"."),
        ("[places.room]\nport = 70000", "config.toml:2:8: 'port' is 70000; it must be 65535 or less."),
        ("[places.room]\nprot = 1", "config.toml:2:1: 'prot' is not a known key; did you mean 'port'?"),
        (
            '[log]\nlevel = "loud"',
            'config.toml:2:9: \'level\' is \'loud\'; it must be "debug", "info", "warning" or "error".',
        ),
        (
            '[places.tw]\nplatform = "twitter"\nhandle = "@a"\ntoken = "sesame"',
            "config.toml:2:12: 'platform' is 'twitter'; that platform is not known here; known: room, x, discord.",
        ),
        ("[places.x]\nhandel = 1", "config.toml:2:1: 'handel' is not a known key; did you mean 'handle'?"),
        (
            '[places.x]\nhandle = "OT alk"',
            "config.toml:2:10: 'handle' is 'OT alk'; write it like \"@OTalk_\".",
        ),
        (
            '[places.chat]\nplatform = "discord"\nchanel = 5',
            "config.toml:3:1: 'chanel' is not a known key; did you mean 'channel'?",
        ),
        (
            "[places.discord]\ntoken = 12345",
            "config.toml:2:9: 'token' is not as it should be; it must be text in quotes, like \"this\".",
        ),
        (
            "[places.x]\ncap_per_chat = -1",
            "config.toml:2:16: 'cap_per_chat' is -1; it must be 0.0 or more.",
        ),
        ("[places.web]\nport = 1", "config.toml:1:1: 'platform' is missing."),
        ("places = {}", "config.toml:1:10: 'places' is empty; name at least one, or leave the key out."),
        (
            '[places.room]\nper_person = "often"',
            "config.toml:2:14: 'per_person' is 'often'; write it like \"12/minute\".",
        ),
        (
            '[places.room]\npublic_url = "chat"',
            "config.toml:2:14: 'public_url' is 'chat'; write the whole address of the page, beginning with https://.",
        ),
        (
            '[store]\nurl = "mysql://me:sesame@h/d"',
            (
                "config.toml:2:7: 'url' is not as it should be; "
                "write it like sqlite:///convenor.db or postgresql://user@host/name."
            ),
        ),
        (
            "[places.room]\nsecret = 12345",
            "config.toml:2:10: 'secret' is not as it should be; it must be text in quotes, like \"this\".",
        ),
    ],
)
def test_a_mistake_in_the_file(text: str, problem: str) -> None:
    assert refused(config(text)) == [problem]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CONVENOR_HOSTNG__LATE", "1s", "CONVENOR_HOSTNG__LATE: 'hostng' is not a known key; did you mean 'hosting'?"),
        ("CONVENOR_HOSTING__LATER", "1s", "CONVENOR_HOSTING__LATER: 'later' is not a known key; did you mean 'late'?"),
        ("CONVENOR_HOSTING__LATE", "1", "CONVENOR_HOSTING__LATE: 'late' is '1'; write it like \"10m\"."),
        (
            "CONVENOR_PLACES__ROOM__PORT",
            "http",
            "CONVENOR_PLACES__ROOM__PORT: 'port' is 'http'; it must be a whole number.",
        ),
        ("CONVENOR_HOSTING", "x", "CONVENOR_HOSTING: 'hosting' is 'x'; it must be a table of keys and values."),
        ("CONVENOR_LOG__LEVEL_FILE", "/nowhere", "CONVENOR_LOG__LEVEL_FILE names a file that cannot be read as text."),
    ],
)
def test_a_mistake_in_the_environment(monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    monkeypatch.setenv(name, value)
    assert refused() == [f"environment:0:0: {words}"]


def test_every_mistake_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVENOR_LOG__LEVEL", "loud")
    path = config('schedules = nope\n[log]\nformat = "x"\n[hosting]\nlate = 5\n')
    assert [line.split(": ")[0] for line in refused(path)] == [
        "config.toml:1:13",
        "config.toml:3:10",
        "config.toml:5:8",
        "environment:0:0",
    ]


def test_said_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "level").write_text("info")
    monkeypatch.setenv("CONVENOR_LOG__LEVEL", "info")
    monkeypatch.setenv("CONVENOR_LOG__LEVEL_FILE", str(tmp_path / "level"))
    assert "says again" in refused()[0]


def test_no_secret_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = config('[store]\nurl = "postgresql://me:sesame@h/d"\n[places.room]\nsecret = "sesame"\n')
    settings = load_settings(path)
    room = settings.places["room"]
    assert isinstance(room, RoomPlace)
    assert room.secret.get_secret_value() == "sesame"
    assert "sesame" not in f"{settings!r}{settings}{settings.store.redacted_url}"
    (tmp_path / "held").write_text("sesame")
    monkeypatch.setenv("CONVENOR_PLACES__ROOM__SECRET__X_FILE", str(tmp_path / "held"))
    assert "sesame" not in "".join(refused(path))


def leaves(model: BaseModel) -> dict[str, Any]:
    """Every setting by its dotted name."""
    found: dict[str, Any] = {}
    for name, value in model:
        inner = value if isinstance(value, dict) else {"": value}
        for key, one in inner.items():
            path = f"{name}.{key}".rstrip(".")
            found |= {f"{path}.{k}": v for k, v in leaves(one).items()} if isinstance(one, BaseModel) else {path: one}
    return found


def test_the_example_is_every_setting_with_its_default(tmp_path: Path) -> None:
    empty = tmp_path / "empty.toml"
    empty.touch()
    path = config((ROOT / "config.example.toml").read_text(encoding="utf-8"))
    assert load_settings(path) == load_settings(empty)
    text = path.read_text(encoding="utf-8")
    names = [name.rsplit(".", 1)[-1] for name in leaves(Settings())]
    assert [name for name in names if f"\n{name} = " not in text] == []
    assert len(names) == sum(" = " in line for line in text.splitlines() if not line.startswith("#"))


def test_the_places_of_the_example_have_their_defaults_as_well() -> None:
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    lines = [
        line.removeprefix("#") if line.startswith("#") and line[1:2] != " " else line for line in text.splitlines()
    ]
    places = load_settings(config("\n".join(lines))).places
    assert places == {
        "room": RoomPlace(platform="room"),
        "x": XPlace(platform="x"),
        "discord": DiscordPlace(platform="discord"),
    }
    for model in (XPlace, DiscordPlace):
        assert [name for name in model.model_fields if f"#{name} = " not in text] == []


def test_the_secrets_of_a_place_are_not_shown() -> None:
    secrets = [
        name
        for model in (XPlace, DiscordPlace)
        for name, field in model.model_fields.items()
        if field.annotation is SecretStr
    ]
    assert set(secrets) <= SECRETS
    text = "\n".join(f'{name} = "sesame"' for name in XPlace.model_fields if name in secrets)
    settings = load_settings(config(f'[places.x]\n{text}\nproxy = "http://u:sesame@proxy:3128"\n'))
    assert "sesame" not in f"{settings!r}{settings}"
