"""Settings from a file and the environment: every mistake is printed, never a secret."""

from __future__ import annotations

from pathlib import Path

from tests.cli.run import convenor, ended, put

BAD = (
    'schedule = "schedules"\n'
    "[store]\n"
    'url = "mysql://me:hunter2@host/name"\n'
    "[places.room]\n"
    'secret = ["hunter2"]\n'
    "port = 99999\n"
    'colour = "hunter2"\n'
    '[places.x]\nplatform = "twitter"\nconsumer_secret = "hunter2"\n'
)


def test_every_mistake_at_once_and_no_secret(tmp_path: Path) -> None:
    """The settings are not the input of `check`, so it ends with 2."""
    put(tmp_path / "config.toml", BAD)
    done = ended(convenor("check", "--json", "any.toml", cwd=tmp_path), 2)
    assert done.stdout == ""
    places = [line.split(": ")[0] for line in done.stderr.splitlines()]
    assert places == [f"config.toml:{spot}" for spot in ("1:1", "3:7", "5:10", "6:8", "7:1", "9:12")]
    assert "did you mean 'schedules'?" in done.stderr
    assert "hunter2" not in done.stderr


def test_mistakes_in_the_environment(tmp_path: Path) -> None:
    env = {
        "CONVENOR_PLACES__ROOM__PORT": "high",
        "CONVENOR_PORT": "1",
        "CONVENOR_STORE__URL": "mysql://me:hunter2@h/n",
        "CONVENOR_PLACES__ROOM__SECRET_FILE": "/none/at/all",
        "CONVENOR_CONFIG": "none.toml",
    }
    done = ended(convenor("status", cwd=tmp_path, env=env), 2)
    for said in (
        "CONVENOR_PLACES__ROOM__PORT: 'port' is 'high'; it must be a whole number.",
        "CONVENOR_PORT: 'port' is not a known key",
        "CONVENOR_STORE__URL: 'url' is not as it should be; write it like sqlite:///convenor.db",
        "CONVENOR_PLACES__ROOM__SECRET_FILE names a file that cannot be read as text.",
        "none.toml:1:1: there is no such file.",
    ):
        assert said in done.stderr
    assert "hunter2" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_which_settings_file_counts(tmp_path: Path) -> None:
    """`--config`, else `CONVENOR_CONFIG`, else `config.toml` here. Paths are relative to the file's folder."""
    for name in ("here", "named", "given"):
        put(tmp_path / name / "config.toml", f'[store]\nurl = "sqlite:///{name}.db"\n')
    here = tmp_path / "here"

    def store(*words: str, **env: str) -> str:
        """The store that `status` looks for: it says that it isn't there, and makes none."""
        told = ended(convenor(*words, "status", cwd=here, env=env), 1).stderr
        return told.removeprefix(f"There is no store at {tmp_path}/").partition(".db")[0]

    assert store(CONVENOR_CONFIG="../named/config.toml") == "here/../named/named"
    assert store("--config", "../given/config.toml", CONVENOR_CONFIG="../named/config.toml") == "here/../given/given"
    (tmp_path / "url").write_text(f"sqlite:///{tmp_path}/held.db\n", encoding="utf-8")
    assert store(CONVENOR_STORE__URL_FILE=str(tmp_path / "url")) == "held"
    assert store() == "here/here"
    assert not list(tmp_path.rglob("*.db"))
