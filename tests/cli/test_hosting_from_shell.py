"""A real hour, led from a shell: the verbs, the hosting process, and the event log afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.run import a_chat, a_place, as_json, convenor, ended, eventually, hosting, put, soon


def chat_status(place: Path) -> dict[str, Any]:
    [found] = json.loads(convenor("status", "--json", cwd=place).stdout)["chats"]
    plain: dict[str, Any] = found
    return plain


def test_a_host_leads_an_hour_from_a_shell(tmp_path: Path) -> None:
    place = a_place(tmp_path)
    put(
        place / "schedules" / "s" / "one.toml",
        a_chat(soon(1), "One", "Alpha?", "Beta?", "Gamma?", "Delta?", length="10m", first="1s", every="3m"),
    )
    with hosting(place) as host:
        host.shows("s/one", "Alpha?")
        assert "Beta?" not in host.page("s/one")
        # right after a question `next` is taken for a second tap, and moves nothing
        eventually(lambda: convenor("next", cwd=place).returncode == 0, "the next question")
        host.shows("s/one", "Beta?")

        ended(convenor("say", "A word <b>from</b> the shell", cwd=place), 0)
        host.shows("s/one", "A word &lt;b&gt;from&lt;/b&gt; the shell")
        ended(convenor("pause", cwd=place), 0)
        paused = chat_status(place)
        assert (paused["paused"], paused["cancelled"], paused["waiting"]) == (True, False, 0)
        assert "Paused since" in ended(convenor("status", cwd=place), 0).stdout
        assert ended(convenor("undo", cwd=place), 0).stdout
        assert chat_status(place)["paused"] is False
        refused = ended(convenor("skip", "q9", cwd=place), 1)
        assert refused.stdout.strip()
        ended(convenor("end", "--yes", cwd=place), 0)
        host.shows("s/one", "That is the end of our chat.")
        eventually(lambda: chat_status(place)["state"] == "over", "it is over")
        late = as_json(convenor("next", "s/one", "--json", cwd=place), 1)
        assert late["outcome"] in {"late", "refused"}
        assert host.end() == 0

    done = [(one["text"], one["outcome"]) for one in chat_status(place)["commands"]]
    assert done[0] == ("next", late["outcome"])
    assert done[1] == ("end yes", "done")
    log = ended(convenor("export", "s/one", cwd=place), 0).stdout
    events = [json.loads(line) for line in log.splitlines()]
    said = [one for one in events if one["type"] == "command"]
    assert [one["text"] for one in said if one["text"] != "next"] == [
        "say A word <b>from</b> the shell",
        "pause",
        "undo",
        "skip q9",
        "end yes",
    ]
    assert all(one["outcome"] and one["receipt"] and one["place"] == "shell" for one in said)
