"""The running bot keeps a draft of each chat that was published lately, on a WordPress that keeps the truth."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.messages import Author, Withdrawn
from bot.publication import PublicationChoice
from bot.settings.settings import Settings
from bot.transfer import import_events
from bot.wiring.adapters import blog
from bot.wiring.blog_keeper import BlogKeeper
from tests.fakes.clock import HandClock
from tests.reporting.sample_events import at
from tests.sims.simulator import simulator
from tests.sims.wordpress import PASSWORD, USER
from tests.site.samples import NOW, held
from tests.test_site_keeper import PUBLISHED, Kept, stored


def test_a_chat_becomes_a_draft_when_it_is_published_and_the_draft_follows_the_record(
    sqlite_url: str, tmp_path: Path
) -> None:
    kept, clock = Kept(sqlite_url, tmp_path / "site"), HandClock(NOW)
    chat, old = stored(kept, 1, "We use teams"), stored(kept, 2, "Long ago")
    kept.publish(old, PublicationChoice(published_at=NOW - timedelta(days=8)))
    with simulator("wordpress") as sim:
        account = {"address": f"{sim.address}/", "user": USER, "application_password": PASSWORD}
        settings = Settings.model_validate({"wordpress": account})

        async def look() -> list[dict[str, Any]]:
            clock.move(seconds=3600)
            drafts = blog(settings, clock)
            assert drafts is not None
            keeper = BlogKeeper(settings, drafts, database=kept.database, clock=clock, monitor=kept.concerns)
            await keeper.run_once(clock.now())
            await keeper.run_once(clock.now())
            await drafts.close()
            posts: list[dict[str, Any]] = sim.ask("posts")
            return posts

        assert asyncio.run(look()) == [], "a draft of ours is no draft there, and what is long public is left alone"
        kept.publish(chat, PUBLISHED)
        (post,) = asyncio.run(look())
        assert (post["status"], post["title"]) == ("draft", held(1).title)
        assert "We use teams" in post["content"]
        person = Author(id="id-A", handle="@pretend_A", name="Pretend participant A")
        import_events(kept.database, chat, [Withdrawn(place="x", author=person, at=at(5000))])
        (post,) = asyncio.run(look())
        assert "We use teams" not in post["content"]
        assert "So do we" in post["content"]
        kept.publish(chat, PublicationChoice(published_at=NOW, withheld=True))
        (post,) = asyncio.run(look())
        assert "was withdrawn" in post["content"]
        assert "So do we" not in post["content"]
        assert len(sim.calls("POST")) == 3, "one for each change"
        assert kept.concerns.told == []
    kept.database.close()
