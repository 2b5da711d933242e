"""After a set time only what is published is stored, and later no id of an account; what is published stays."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

from bot.messages import MessageDecision
from bot.reporting.record import record
from bot.settings.afterwards import Retention
from bot.store.database import Database
from bot.store.messages import save_decision
from bot.transfer import export_events, import_events, published_events
from bot.wiring.retention import apply_retention
from bot.wiring.retention_told import stored_retention
from tests.erasure.pretend_hour import CHAT, an_hour
from tests.erasure.test_erasing import as_read, found_in

AGES = Retention(unpublished=timedelta(days=60), accounts=timedelta(days=365))


def test_what_is_not_published_goes_first_and_ids_of_accounts_later(store_url: str) -> None:
    hour = an_hour(150, 12)
    dropped = hour.said[7]
    with closing(Database(store_url)) as database:
        import_events(database, CHAT, hour.events())
        database.write_sync(save_decision, dropped.by.place, dropped.id, "drop", dropped.at)
        before = as_read(record(CHAT, published_events(database, CHAT)))
        for days, changed in ((30, 0), (61, 1), (62, 0), (366, 1)):
            assert apply_retention(database, AGES, CHAT.ends + timedelta(days=days)) == changed
            assert as_read(record(CHAT, published_events(database, CHAT))) == before
            words = [event for event in export_events(database, CHAT) if dropped.words in getattr(event, "text", "")]
            assert bool(words) == (days < 60)
        assert not [one for one in export_events(database, CHAT) if isinstance(one, MessageDecision)]
        database.scrub()
        files = list(database.file.parent.glob(f"{database.file.name}*")) if database.file else []
        ids = [one.author.id.encode() for one in hour.people]
        assert found_in(files, [dropped.words.encode(), *ids]) == []


def test_an_operator_reads_in_one_line_what_is_deleted_next(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        day = CHAT.ends + timedelta(days=61)
        rule = "The bot deletes what is not published of a chat after 60 days{}, the ids of its people's accounts {}."
        assert stored_retention(database, AGES, day) == rule.format("", "after 365 days")
        import_events(database, CHAT, [])
        due, later = (
            " (next: pretend/hour, due since 12 Dec 2020)",
            "after 365 days (next: pretend/hour, on 13 Oct 2021)",
        )
        assert stored_retention(database, AGES, day) == rule.format(due, later)
        apply_retention(database, AGES, day)
        for_good = Retention(unpublished=AGES.unpublished, accounts=timedelta())
        assert stored_retention(database, for_good, day) == rule.format("", "never")
