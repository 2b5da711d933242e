"""The verb `next-dates`: each series with what is planned and free, and no store made for it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.run import convenor, ended

SERIES = 'timezone = "Europe/London"\nweekday = "Tuesday"\ntime = 20:00:00\n'


def test_the_dates_of_a_series(here: Path) -> None:
    (here / "schedules/otalk").mkdir(parents=True)
    (here / "schedules/otalk/series.toml").write_text(SERIES)
    first = json.loads(ended(convenor("next-dates", "--count", "2", "--json", cwd=here), 0).stdout)
    assert [(one["series"], one["state"]) for one in first] == [("otalk", "free")] * 2
    chat = f'title = "Sleep"\nstarts = {first[0]["day"]}T20:00:00\n[[questions]]\ntext = "What helps?"\n'
    (here / "schedules/otalk/a.toml").write_text(chat)
    shown = ended(convenor("next-dates", "otalk", "--count", "2", cwd=here), 0).stdout
    assert ("planned" in shown, "Sleep" in shown, "free" in shown) == (True, True, True)
    free = json.loads(ended(convenor("next-dates", "--free", "--count", "1", "--json", cwd=here), 0).stdout)
    assert free == [first[1]]
    assert not (here / "convenor.db").exists()


def test_a_series_with_mistakes_or_of_another_name(here: Path) -> None:
    (here / "schedules/otalk").mkdir(parents=True)
    (here / "schedules/otalk/series.toml").write_text(SERIES + 'repeats = "fortnightly"\n')
    assert "series.toml:4" in ended(convenor("next-dates", cwd=here), 1).stderr
    assert "there are: otalk" in ended(convenor("next-dates", "club", cwd=here), 1).stderr
