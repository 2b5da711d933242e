"""`convenor doctor` beside X's own count of what was read, on the simulator. What X doesn't say is not wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import WallClock
from bot.doctor import Finding, diagnose
from bot.ports.inbound import Charge
from bot.settings.settings import Settings
from bot.store import ledger
from bot.store.database import Database
from tests.contract.settings import settings_of
from tests.sims.simulator import Simulator, simulator

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with simulator("x") as running:
        yield running


def found(folder: Path, sim: Simulator, *, reads: int | None = None) -> list[Finding]:
    """What doctor finds at X, after so many posts were read yesterday; None: there is no store."""
    url = f"sqlite:///{folder / 'convenor.db'}"
    if reads is not None:
        database = Database(url)
        charges = [
            ("x", Charge(what=what, resource=f"{n}", micros=5_000, at=YESTERDAY))
            for n in range(reads)
            for what in (("own mention read" if n % 2 else "post read"), "user read")
        ]
        database.write_sync(ledger.add_charges, charges)
        database.close()
    settings = Settings.model_validate(
        {
            "store": {"url": url},
            "schedules": str(folder),
            "places": {"x": settings_of("x", sim.address, direct=False)},
        }
    )
    return [one for one in diagnose(settings, WallClock()) if one.about == "x"]


@pytest.mark.parametrize(("there", "level"), [(100, "ok"), (110, "ok"), (90, "ok"), (200, "doubt")])
def test_the_ledger_is_compared_with_what_x_counted(tmp_path: Path, sim: Simulator, there: int, level: str) -> None:
    sim.tell("usage", **{f"{YESTERDAY:%Y-%m-%d}": there, f"{datetime.now(UTC):%Y-%m-%d}": 5000})
    last = found(tmp_path, sim, reads=100)[-1]
    assert (last.level, bool(last.remedy)) == (level, level == "doubt")
    assert f"counted {there} messages read in 1 whole days, the ledger 100" in last.text


def test_where_x_does_not_say_that_is_said_and_not_wrong(tmp_path: Path) -> None:
    with simulator("x", usage=False, access_level=False) as sim:
        findings = found(tmp_path, sim, reads=3)
    assert "the ledger was not compared" in findings[-1].text
    assert "403" in findings[-1].text or "not allow" in findings[-1].text
    assert not [one for one in findings if one.level == "wrong"], "keys of which X says nothing may well post"
    assert [one.text for one in findings if one.level == "doubt"] == ["X does not say whether the keys may post."]


def test_without_a_store_there_is_nothing_to_compare(tmp_path: Path, sim: Simulator) -> None:
    findings = found(tmp_path, sim)
    assert {one.level for one in findings} == {"ok"}
    assert sim.calls() == ["GET /2/users/me"]
    assert not (tmp_path / "convenor.db").exists()
