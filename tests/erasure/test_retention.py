"""After a set time only what is published is stored, and later no id of an account; what is published stays."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from bot.chat import Chat
from bot.errors import StoreError
from bot.live.receipts import receipt
from bot.messages import AnyEvent, Author, Command, Edited, Message, MessageDecision, Returned
from bot.ports.kept_texts import KeptText
from bot.ports.team_drafts import Draft
from bot.reporting.record import record
from bot.settings.afterwards import Retention
from bot.settings.settings import Settings, Store
from bot.store import chat_drafts, commands, kept_texts, outbox_queries, person_rows, planned_posts, scrubbing
from bot.store.database import Database
from bot.store.messages import save_decision
from bot.store.planned_posts import PlannedPost
from bot.transfer import export_events, import_events, published_events
from bot.wiring.foundation import foundation
from bot.wiring.retention_keeper import RetentionKeeper, apply_retention
from bot.wiring.retention_summary import stored_retention
from tests.erasure.pretend_hour import CHAT, an_hour
from tests.erasure.test_erasing import as_read, forget, found_in
from tests.fakes.clock import HandClock

AGES = Retention(held=timedelta(days=30), unpublished=timedelta(days=60), accounts=timedelta(days=365))


def test_what_is_not_published_goes_first_and_ids_of_accounts_later(store_url: str) -> None:
    hour = an_hour(150, 12)
    dropped = hour.said[7]
    with closing(Database(store_url)) as database:
        import_events(database, CHAT, hour.events())
        database.write_sync(save_decision, dropped.by.place, dropped.id, "drop", dropped.at)
        before = as_read(record(CHAT, published_events(database, CHAT)))
        for days, changed in ((29, 0), (31, 1), (32, 0), (61, 1), (62, 0), (366, 1)):
            assert apply_retention(database, AGES, CHAT.ends + timedelta(days=days)) == changed
            assert as_read(record(CHAT, published_events(database, CHAT))) == before
            words = [event for event in export_events(database, CHAT) if dropped.words in getattr(event, "text", "")]
            assert bool(words) == (days < 30)
        assert not [one for one in export_events(database, CHAT) if isinstance(one, MessageDecision)]
        database.scrub()
        files = list(database.file.parent.glob(f"{database.file.name}*")) if database.file else []
        ids = [one.author.id.encode() for one in hour.people]
        assert found_in(files, [dropped.words.encode(), *ids]) == []


def test_held_words_leave_the_log_of_the_database_once_nobody_reads_any_more(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While somebody reads it can't be cut off. That is made up for by this bot, and after a crash by the next."""
    monkeypatch.setattr(scrubbing, "_TRIES", 2)
    given = foundation(Settings(store=Store(url=sqlite_url), retention=AGES), HandClock())
    day, file = CHAT.ends + timedelta(days=31), Path(sqlite_url.removeprefix("sqlite:///"))

    def is_left(words: str) -> bool:
        return found_in(list(file.parent.glob(f"{file.name}*")), [words.encode()]) != []

    def held(chat: Chat, words: str) -> None:
        author, id = Author(id="777"), f"of {chat.name}"
        said = Message(place="x", id=id, author=author, text=f"A1 about {words}, 81", at=CHAT.starts)
        import_events(given.database, chat, [said])
        given.database.write_sync(save_decision, "x", id, "hold", CHAT.starts)

    with closing(given.database), closing(sqlite3.connect(file)) as reader:
        held(CHAT, "Pretend Patient")
        keeper = RetentionKeeper(given)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchall()
        with pytest.raises(StoreError, match="log cannot be cut off"):
            keeper.run_once(day)
        assert is_left("Pretend Patient")
        reader.rollback()
        keeper.run_once(day)
        assert not is_left("Pretend Patient")
        held(replace(CHAT, name="pretend/other"), "Another Patient")
        assert apply_retention(given.database, AGES, day) == 1  # and the bot crashes
        assert is_left("Another Patient")
        RetentionKeeper(given).run_once(day)
        assert not is_left("Another Patient")


def test_an_operator_reads_in_one_line_what_is_deleted_next(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        day = CHAT.ends + timedelta(days=61)
        rule = (
            "The bot deletes words that were held or dropped in a chat after 30 days{}, all else that is not published"
            " of it after 60 days{}, the ids of its people's accounts {}."
        )
        assert stored_retention(database, AGES, day) == rule.format("", "", "after 365 days")
        import_events(database, CHAT, [])
        first, due, later = (
            " (next: pretend/hour, due since 12 Nov 2020)",
            " (next: pretend/hour, due since 12 Dec 2020)",
            "after 365 days (next: pretend/hour, on 13 Oct 2021)",
        )
        assert stored_retention(database, AGES, day) == rule.format(first, due, later)
        apply_retention(database, AGES, day)
        for_good = Retention(held=AGES.held, unpublished=AGES.unpublished, accounts=timedelta())
        assert stored_retention(database, for_good, day) == rule.format("", "", "never")


def test_a_form_that_nobody_sent_and_a_published_draft_go_after_ninety_days(store_url: str) -> None:
    began, kept = (
        CHAT.starts,
        KeptText(about="otalk", owner="link-mirafu", form="announcement", fields={"text": "Going home"}),
    )
    with closing(Database(store_url)) as database:
        assert database.write_sync(kept_texts.save, kept, began)
        published, open_one = (Draft(series="otalk", file="otalk/home", done=done) for done in (True, False))
        for draft in (published, open_one):
            database.write_sync(chat_drafts.add, draft, began, "Ada Pretend")
        for days, changed in ((89, 0), (91, 2), (92, 0)):
            now = began + timedelta(days=days)
            found = database.read_sync(kept_texts.of_owner, "otalk", "link-mirafu", now)
            assert (not found) == (days > 90)
            assert apply_retention(database, AGES, now) == changed
        assert database.read_sync(kept_texts.of_owner, "otalk", "link-mirafu", began) == {}
        rows = database.read_sync(lambda connection: connection.execute(select(chat_drafts.chat_drafts.c.done)).all())
        assert [row.done for row in rows] == [False], "what is open stays until somebody throws it away"


def test_what_was_told_in_private_goes_with_held_words_and_with_the_person_it_quotes(
    store_url: str, tmp_path: Path
) -> None:
    """A moderator's list of what waits begins to quote each message: too little of it to be found as a quotation."""
    hour = an_hour(3, 2)
    said = hour.said[0]
    listed = f"1. Will on {said.by.place}, 20:12: {said.words[:12]}"

    def told(chat: str, key: str, at: datetime, text: str) -> PlannedPost:
        return receipt(chat, key, "discord", text, at, to="77" * 9)

    with closing(Database(store_url)) as database:
        import_events(database, CHAT, hour.events())
        posts = [
            told(CHAT.name, "held-1", CHAT.starts, listed),
            told(CHAT.name, "answer-1", CHAT.ends + timedelta(days=29), listed),
            told("", "answer-2", CHAT.starts, listed),
            told("", "answer-3", CHAT.ends + timedelta(days=29), "Nothing waits."),
        ]
        database.write_sync(planned_posts.save_plan, posts)

        def texts() -> dict[str, str]:
            return {one.post.key: one.post.text for one in database.read_sync(outbox_queries.outbox_rows)}

        assert apply_retention(database, AGES, CHAT.ends + timedelta(days=29)) == 0
        assert set(texts().values()) == {listed, "Nothing waits."}
        assert apply_retention(database, AGES, CHAT.ends + timedelta(days=31)) == 2
        assert texts() == {"held-1": "", "answer-1": "", "answer-2": "", "answer-3": "Nothing waits."}
        database.write_sync(planned_posts.save_plan, [told(CHAT.name, "held-2", CHAT.ends, listed)])
        forget(Settings(store=Store(url=store_url), schedules=tmp_path), database, said.by)
        assert "held-2" not in texts()


def test_a_command_of_no_chat_goes_as_long_after_it_was_given(store_url: str) -> None:
    author = an_hour(1, 2).people[0].author
    asked = Command(place="x", id="111111", author=author, text="what do you hold on me", at=CHAT.ends)
    with closing(Database(store_url)) as database:
        database.write_sync(commands.enqueue, [asked])
        assert apply_retention(database, AGES, CHAT.ends + timedelta(days=61)) == 0, "it still waits"
        database.write_sync(partial(commands.save_outcome, done=replace(asked, outcome="done"), name="privacy"))
        assert apply_retention(database, AGES, CHAT.ends + timedelta(days=59)) == 0
        assert author.id in str(database.read_sync(person_rows.commands_of, {("x", author.id)}))
        assert apply_retention(database, AGES, CHAT.ends + timedelta(days=61)) == 1
        assert database.read_sync(person_rows.commands_of, {("x", author.id)}) == []
        assert database.read_sync(person_rows.events_of, {("x", author.id)}) == []


def test_held_words_go_first_and_all_else_stays_where_it_is(store_url: str) -> None:
    """A reply to one stays under the question that only the words of that one named."""
    author, other = an_hour(1, 2).people[0].author, an_hour(1, 2).people[1].author
    at = CHAT.starts + timedelta(minutes=12)
    held = Message(place="x", id="111111", author=author, text="A3 about Pretend Patient, 81", at=at)
    reply = Message(
        place="x", id="222222", author=other, text="So do we", at=at + timedelta(seconds=9), reply_to="111111"
    )
    better = Edited(place="x", id="222222", text="So do we all", at=at + timedelta(seconds=20))
    with closing(Database(store_url)) as database:
        import_events(database, CHAT, [held, reply, better])
        database.write_sync(save_decision, "x", "111111", "hold", at)
        before = as_read(record(CHAT, export_events(database, CHAT)))
        assert [(question, text) for _, _, question, text in before] == [("q3", "So do we all")]
        assert apply_retention(database, AGES, CHAT.ends + timedelta(days=31)) == 1
        assert as_read(record(CHAT, export_events(database, CHAT))) == before
        assert as_read(record(CHAT, published_events(database, CHAT)))[0][2:] == before[0][2:]
        log = export_events(database, CHAT)
        assert "Patient" not in str(log)
        assert author.id not in str(log)
        assert better in log, "earlier wordings of what is published go later"


def test_of_whom_nothing_is_left_but_what_others_wrote_is_named_in_none_of_it(sqlite_url: str) -> None:
    """Held words go first, and with them the only name of who wrote them."""
    kate, ann = (Author(id=f"77{n}", handle=f"@pretend_{n}", name=name) for n, name in enumerate(("Kate P", "Ann Q")))
    of, at = replace(CHAT, publish="consented"), CHAT.starts + timedelta(minutes=12)
    events: list[AnyEvent] = [
        Message(place="x", id="111111", author=kate, text="A1 about Pretend Patient, 81", at=at),
        Message(place="x", id="222222", author=ann, text="Thanks Kate P and @pretend_0", at=at, reply_to="111111"),
        Returned(place="x", author=ann, at=at),
    ]
    with closing(Database(sqlite_url)) as database:
        import_events(database, of, events)
        database.write_sync(save_decision, "x", "111111", "hold", at)
        for days in (29, 31, 61, 366):
            apply_retention(database, AGES, CHAT.ends + timedelta(days=days))
            [(_, _, question, text)] = as_read(record(of, published_events(database, of)))
            assert (question, text) == ("q1", "Thanks somebody and somebody")
