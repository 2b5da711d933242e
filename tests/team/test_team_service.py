"""Drafts become chat files: nobody writes over another's work, and nothing is lost on the way."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.authoring.loader import load
from bot.chat import Chat, at_start
from bot.errors import ChangedDraftError, ChangedMeanwhileError, TeamError
from bot.messages import Image, Post
from bot.ports.team import TeamChat
from bot.ports.team_drafts import Draft, PersonForm, QuestionForm
from bot.scheduling.stored_files import StoredFiles
from bot.status import moved_starts
from bot.store import chats, planned_posts, private_links
from bot.store.database import Database
from bot.store.picture_files import PictureFiles
from bot.team.service import TeamService
from tests.fakes.clock import HandClock
from tests.setup.pixel import PIXEL
from tests.team.at_work import NOW, ReadOnlyFolder

POST = b"""Going home: what helps?

Join #OTalk on Tuesday 12th January 2027, hosted by Cas Pretend.

Q1. Who goes home well?
Q2. What gets in the way?
"""
NAME = "otalk/2027-01-12-going-home"


async def filled(service: TeamService, title: str = "Going home", day: str = "2027-01-12") -> Draft:
    """A draft with all that a chat needs."""
    draft = await service.drafts.find("otalk", await service.drafts.begin("otalk", day, "Ada Pretend"))
    assert draft
    assert draft.form
    form = replace(
        draft.form,
        title=title,
        questions=(QuestionForm(text="Who goes home?"),),
        hosts=(PersonForm(name="Cas Pretend"),),
    )
    return await service.drafts.keep(replace(draft, form=form), "Ada Pretend")


async def reopened(service: TeamService, chat: str) -> Draft:
    draft = await service.drafts.find("otalk", await service.drafts.edit_file(chat, "Bo Pretend"))
    assert draft
    return draft


def retitled(draft: Draft, title: str) -> Draft:
    assert draft.form
    return replace(draft, form=replace(draft.form, title=title))


async def test_a_pasted_announcement_becomes_a_scheduled_chat(service: TeamService, schedules: Path) -> None:
    id = await service.drafts.read_in("otalk", "", ("pasted.txt", POST), "Ada Pretend")
    draft = await service.drafts.find("otalk", id)
    assert draft
    assert draft.source == POST.decode()
    name = await service.drafts.publish(draft, "Ada Pretend")
    assert name == "otalk/2027-01-12-going-home-what-helps"
    written = tomllib.loads((schedules / f"{name}.toml").read_text(encoding="utf-8"))
    assert [one["text"] for one in written["questions"]] == ["Who goes home well?", "What gets in the way?"]
    assert await service.drafts.find("otalk", id) is None, "it is no draft any more"
    chat = await service.chat(name)
    assert chat
    assert [one.by for one in chat.versions] == ["Ada Pretend"]
    calendar = await service.calendar("otalk")
    assert calendar
    assert [(one.state, one.chat) for one in calendar.ahead if one.chat] == [("planned", name)]


async def test_what_cannot_be_read_says_what_to_send_instead(service: TeamService) -> None:
    with pytest.raises(TeamError, match=r"This is a PDF.* paste its text"):
        await service.drafts.read_in("otalk", "", ("announcement.pdf", b"%PDF-1.7"), "Ada Pretend")


async def test_a_draft_is_there_for_another_process_and_device(make_service: Callable[..., TeamService]) -> None:
    draft = await filled(make_service())
    assert await make_service().drafts.find("otalk", draft.id) == replace(draft, at=NOW)


async def test_of_two_who_change_a_draft_at_once_the_second_is_told(service: TeamService) -> None:
    draft = await filled(service)
    await service.drafts.keep(retitled(draft, "Going home slowly"), "Ada Pretend")
    with pytest.raises(ChangedDraftError):
        await service.drafts.keep(retitled(draft, "Staying"), "Bo Pretend")
    kept = await service.drafts.find("otalk", draft.id)
    assert kept
    assert kept.form
    assert (kept.form.title, kept.by) == ("Going home slowly", "Ada Pretend")


async def test_a_draft_of_another_series_cannot_be_had(service: TeamService) -> None:
    draft = await filled(service)
    assert await service.drafts.find("nurses", draft.id) is None


async def test_an_unfinished_draft_is_not_saved(service: TeamService, schedules: Path) -> None:
    draft = await filled(service)
    assert draft.form
    with pytest.raises(TeamError, match="put right"):
        await service.drafts.publish(replace(draft, form=replace(draft.form, questions=())), "Ada Pretend")
    assert [one.name for one in (schedules / "otalk").glob("*.toml")] == ["series.toml"]


async def test_a_chat_of_the_same_day_and_title_gets_another_name(service: TeamService) -> None:
    names = [await service.drafts.publish(await filled(service), "Ada Pretend") for _ in range(2)]
    assert names == [NAME, f"{NAME}-2"]


async def test_a_file_that_was_edited_meanwhile_is_not_written_over(service: TeamService, schedules: Path) -> None:
    await service.drafts.publish(await filled(service), "Ada Pretend")
    draft = await service.drafts.keep(retitled(await reopened(service, NAME), "Going home well"), "Bo Pretend")
    path = schedules / f"{NAME}.toml"
    path.write_text(path.read_text() + "# by hand\n")
    newer = await service.drafts.newer_file(draft)
    assert newer
    assert newer.text.endswith("# by hand\n")
    with pytest.raises((TeamError, ChangedMeanwhileError)):
        await service.drafts.publish(draft, "Bo Pretend")
    assert path.read_text().endswith("# by hand\n")
    again = await service.drafts.find("otalk", draft.id)
    assert again
    await service.drafts.publish(await service.drafts.onto_newer(again, "Bo Pretend"), "Bo Pretend")
    chat = await service.chat(NAME)
    assert chat
    assert chat.title == "Going home well"
    assert [one.by for one in chat.versions] == ["Bo Pretend", "edited in the folder", "Ada Pretend"]


async def test_a_version_can_be_brought_back(service: TeamService, schedules: Path) -> None:
    await service.drafts.publish(await filled(service), "Ada Pretend")
    first = (schedules / f"{NAME}.toml").read_text()
    await service.drafts.publish(retitled(await reopened(service, NAME), "Another title"), "Bo Pretend")
    assert (schedules / f"{NAME}.toml").read_text() != first
    await service.restore(NAME, "1", "Ada Pretend")
    assert (schedules / f"{NAME}.toml").read_text() == first
    chat = await service.chat(NAME)
    assert chat
    assert len(chat.versions) == 3


async def test_after_a_crash_between_file_and_draft_saving_again_makes_no_second_chat(
    make_service: Callable[..., TeamService], schedules: Path
) -> None:
    service = make_service()
    draft = await filled(service)
    kept = await service.drafts.keep(replace(draft, file=NAME), "Ada Pretend")
    found = await service.drafts.review(kept)
    (schedules / f"{NAME}.toml").write_text(found.text, encoding="utf-8")  # and nothing more was done
    again = await make_service().drafts.find("otalk", draft.id)
    assert again
    assert await make_service().drafts.newer_file(again) is None
    assert await make_service().drafts.publish(again, "Ada Pretend") == NAME
    assert len([*(schedules / "otalk").glob("2027*.toml")]) == 1


async def test_where_the_folder_is_read_only_nothing_is_written_and_that_is_said(
    make_service: Callable[..., TeamService], schedules: Path
) -> None:
    service = make_service(ReadOnlyFolder)
    draft = await filled(service)
    found = await service.drafts.review(draft)
    assert (found.read_only, found.file_name, found.why_not) == (True, "2027-01-12-going-home.toml", "")
    with pytest.raises(TeamError, match="Download"):
        await service.drafts.publish(draft, "Ada Pretend")
    assert not [*(schedules / "otalk").glob("2027*")]


async def test_a_series_in_the_store_gets_its_chats_there(
    make_service: Callable[..., TeamService], schedules: Path, store_url: str
) -> None:
    series = schedules / "otalk" / "series.toml"
    database = Database(store_url)
    stored = StoredFiles(database, HandClock(NOW))
    stored.write("nurses/series", series.read_text(), expected="", by="Ada Pretend")
    service = make_service()
    draft = await service.drafts.find("nurses", await service.drafts.begin("nurses", "2027-01-12", "Ada Pretend"))
    assert draft
    assert draft.form
    form = replace(draft.form, title="Nights", questions=(QuestionForm(text="Who sleeps?"),))
    name = await service.drafts.publish(replace(draft, form=form), "Ada Pretend")
    assert name in stored.list()
    assert [*await service.series()] == ["nurses", "otalk"]
    database.close()


async def test_a_chat_in_the_store_keeps_its_picture_when_the_team_edits_it(
    make_service: Callable[..., TeamService], schedules: Path, store_url: str
) -> None:
    series, name = schedules / "otalk" / "series.toml", "nurses/2027-01-12"
    text = (
        'title = "Nights"\nstarts = 2027-01-12\n[[questions]]\ntext = "Who sleeps?"\nimage = "map.png"\nalt = "A map"\n'
    )
    with closing(Database(store_url)) as database:
        stored = StoredFiles(database, HandClock(NOW))
        stored.write("nurses/series", series.read_text(), expected="", by="Ada Pretend")
        stored.write(name, text, expected="", by="Ada Pretend", pictures={"map.png": PIXEL})
        service = make_service()
        draft = await service.drafts.find("nurses", await service.drafts.edit_file(name, "Bo Pretend"))
        assert draft
        assert draft.form
        draft = replace(draft, form=replace(draft.form, title="Nights and days"))
        found_in_it = await service.drafts.review(draft)
        assert [one for one in found_in_it.notes if one.severity == "error"] == []
        assert [one.picture for one in found_in_it.places[0].posts if one.picture] == ["A map"]
        assert await service.drafts.publish(draft, "Ada Pretend") == name
        found = stored.read(name)
        assert found
        assert "Nights and days" in found.text
        assert found.pictures
        path = PictureFiles(database).here_sync(Image(path=found.pictures["map.png"], alt="A map")).path
        assert path.endswith(".png")


async def test_a_file_with_mistakes_is_edited_as_text_until_they_are_right(
    service: TeamService, schedules: Path
) -> None:
    (schedules / f"{NAME}.toml").write_text("title = Going home\nstarts = 2027-01-12\n", encoding="utf-8")
    calendar = await service.calendar("otalk")
    assert calendar
    assert [(one.state, one.chat) for one in calendar.ahead if one.chat] == [("mistakes", NAME)]
    (schedules / "otalk" / "letter.toml").write_text("Dear all,\n", encoding="utf-8")
    assert (await state(service, "otalk/letter")).notes[0].message.startswith("This line is not understood")
    draft = await reopened(service, NAME)
    assert draft.form is None
    assert next(one.line for one in (await service.drafts.review(draft)).notes if one.severity == "error") == 1
    right = await service.drafts.with_text(
        draft, 'title = "Going home"\nstarts = 2027-01-12\n[[questions]]\ntext = "Who?"\n'
    )
    assert right.form
    assert await service.drafts.publish(right, "Ada Pretend") == NAME


async def test_a_link_for_the_host_opens_this_chat(service: TeamService, store_url: str) -> None:
    name = await service.drafts.publish(await filled(service), "Ada Pretend")
    path = await service.create_link(name, "Cas Pretend")
    database = Database(store_url)
    (link,) = database.read_sync(private_links.active_links, name)
    database.close()
    assert path.startswith("/host/")
    assert (link.name, link.role) == ("Cas Pretend", "host")


async def test_ready_texts_invite_to_a_chat(service: TeamService) -> None:
    await service.drafts.publish(await filled(service), "Ada Pretend")
    texts = await service.invitation(NAME)
    assert [one.label for one in texts] == ["A blog or web page", "An e-mail"]
    assert all("Going home" in one.parts[0] for one in texts)


@pytest.mark.parametrize("name", ["otalk/series", "otalk/../secret", "otalk/nothing", "host/x", "x", "otalk/\0"])
async def test_a_name_that_is_no_chats_opens_nothing(service: TeamService, name: str) -> None:
    assert await service.chat(name) is None
    assert await service.version(name, "1") is None
    with pytest.raises(TeamError):
        await service.create_link(name, "Cas Pretend")


SESSIONS = """title = "Going home"
starts = 2027-01-12T20:00
language = "de"
[[questions]]
text = "Who goes home?"
[[sessions]]
starts = 2027-01-13T20:00
timezone = "Australia/Sydney"
"""


async def test_a_chat_of_several_sessions_is_shown_with_all_of_them(service: TeamService, schedules: Path) -> None:
    (schedules / "otalk" / "home.toml").write_text(SESSIONS)
    calendar = await service.calendar("otalk")
    assert calendar
    ahead = [(one.title, one.chat, str(one.starts)) for one in calendar.ahead if one.chat]
    assert ahead == [
        ("Going home (London)", "otalk/home", "2027-01-12 20:00:00+00:00"),
        ("Going home (Sydney)", "otalk/home", "2027-01-13 09:00:00+00:00"),
    ]
    chat = await service.chat("otalk/home")
    assert chat
    assert (chat.name, chat.state) == ("otalk/home", "planned")
    assert [one.chat for one in chat.sessions] == ["otalk/home", "otalk/home.sydney"]
    texts = await service.invitation("otalk/home")
    assert [one.label for one in texts] == [
        "London: A blog or web page",
        "London: An e-mail",
        "Sydney: A blog or web page",
        "Sydney: An e-mail",
    ]
    assert "Mittwoch, 13. Januar 2027, 20:00 bis 21:00 Uhr (Zeit in Sydney)" in texts[2].parts[0]


async def test_a_file_with_nothing_but_sessions_is_shown_under_its_own_name(
    service: TeamService, schedules: Path
) -> None:
    (schedules / "otalk" / "home.toml").write_text(
        SESSIONS.replace("starts = 2027-01-12T20:00\n", "") + '[[sessions]]\nstarts = 2027-01-14T20:00\nkey = "late"\n'
    )
    chat = await service.chat("otalk/home")
    assert chat
    assert [one.chat for one in chat.sessions] == ["otalk/home.sydney", "otalk/home.late"]
    assert chat.name == "otalk/home"


async def test_a_chat_whose_file_is_gone_is_shown_as_held_and_its_file_can_be_brought_back(
    service: TeamService, schedules: Path, store_url: str
) -> None:
    name = await service.drafts.publish(await filled(service), "Ada Pretend")
    file = schedules / f"{name}.toml"
    chat = load(file, root=schedules).chat
    assert chat
    post = Post(
        place="room",
        chat=name,
        key="q1",
        kind="question",
        due=chat.starts,
        text="Q1. Who goes home?",
        nonce="n",
        part=0,
    )
    database = Database(store_url)
    database.write_sync(chats.save_plans, [(chat, chat.ends, chats.ChatState(), chat)])
    database.write_sync(planned_posts.save_plan, [planned_posts.PlannedPost(post=post, expires=chat.ends)])
    database.close()
    assert (await state(service, name)).is_missing is False
    file.unlink()
    gone = await state(service, name)
    assert (gone.is_missing, gone.state, gone.title) == (True, "planned", "Going home")
    calendar = await service.calendar("otalk")
    assert calendar
    [date] = [one for one in calendar.ahead if one.chat]
    assert (date.chat, date.state, "its file is gone" in date.note) == (name, "planned", True)
    with pytest.raises(TeamError, match="has no file any more"):
        await service.drafts.edit_file(name, "Ada Pretend")
    await service.restore(name, gone.versions[0].version, "Bo Pretend")
    assert (await state(service, name)).is_missing is False
    assert "Who goes home?" in file.read_text()


async def moved(
    service: TeamService, schedules: Path, store_url: str, day: str = "2027-01-12"
) -> tuple[str, Chat, Chat]:
    """A chat's name, the chat as in its file, and as the store has it after a command moved it by two days."""
    name = await service.drafts.publish(await filled(service, day=day), "Ada Pretend")
    written = load(schedules / f"{name}.toml", root=schedules).chat
    assert written
    later = at_start(written, written.starts + timedelta(days=2))
    database = Database(store_url)
    database.write_sync(chats.save_plans, [(later, later.ends, chats.ChatState(plan_changed=True), written)])
    database.close()
    return name, written, later


async def test_a_chat_that_a_command_moved_is_shown_on_the_day_that_the_bot_keeps(
    service: TeamService, schedules: Path, store_url: str
) -> None:
    name, written, later = await moved(service, schedules, store_url)
    calendar = await service.calendar("otalk")
    assert calendar
    assert [(one.day, one.starts) for one in calendar.ahead if one.chat] == [(later.starts.date(), later.starts)]
    assert written.starts.date() in [one.day for one in calendar.ahead if one.state == "free"]
    shown = await state(service, name)
    assert (shown.starts, shown.sessions[0].starts, shown.sessions[0].ends) == (later.starts, later.starts, later.ends)
    for text in await service.invitation(name):
        assert "Thursday 14 January 2027" in text.parts[0]
        assert "12 January" not in text.parts[0]


async def test_the_form_of_a_moved_chat_says_which_day_counts_until_another_is_written_there(
    service: TeamService, schedules: Path, store_url: str
) -> None:
    name, _written, later = await moved(service, schedules, store_url)
    draft = await reopened(service, name)
    assert draft.form
    found = await service.drafts.review(draft)
    [note] = found.notes_at("date")
    assert "moved it to Thursday 14 January 2027, 20:00 (Europe/London)" in note.message
    assert (found.starts, found.ends, found.why_not) == (later.starts, later.ends, "")
    assert [one.at for one in found.places[0].posts if one.key == "q1"] == [later.questions[0].at]
    for day in ("2027-01-14", "2027-01-19"):
        other = await service.drafts.review(replace(draft, form=replace(draft.form, date=day)))
        assert other.starts
        assert str(other.starts.date()) == day
        assert not [one for one in other.notes if "command" in one.message]


async def test_the_form_of_a_chat_that_was_moved_and_called_off_does_not_suggest_moving_it(
    service: TeamService, schedules: Path, store_url: str
) -> None:
    name, written, later = await moved(service, schedules, store_url)
    database = Database(store_url)
    database.write_sync(chats.save_plans, [(later, later.ends, chats.ChatState(cancelled=True), written)])
    database.close()
    [note] = (await service.drafts.review(await reopened(service, name))).notes_at("date")
    assert "It is called off, and stays so." in note.message
    assert "move" not in note.message


async def test_a_called_off_chat_stays_on_its_day_when_a_version_with_another_is_brought_back(
    service: TeamService, schedules: Path, store_url: str
) -> None:
    name = await service.drafts.publish(await filled(service, day="2027-01-12"), "Ada Pretend")
    draft = await reopened(service, name)
    assert draft.form
    await service.drafts.publish(replace(draft, form=replace(draft.form, date="2027-07-13")), "Ada Pretend")
    planned = load(schedules / f"{name}.toml", root=schedules).chat
    assert planned
    database = Database(store_url)
    database.write_sync(chats.save_plans, [(planned, planned.ends, chats.ChatState(cancelled=True), planned)])
    assert (await state(service, name)).notes == ()
    await service.restore(name, "1", "Bo Pretend")
    shown = await state(service, name)
    assert (shown.state, shown.starts, shown.sessions[0].starts) == ("called off", planned.starts, planned.starts)
    kept = "Its day is Tuesday 13 July 2027, 20:00 (Europe/London). The day and the time in its file no longer count."
    assert [one.message for one in shown.notes] == [kept]
    calendar = await service.calendar("otalk")
    assert calendar
    assert not [one for one in calendar.ahead if one.chat and one.starts != planned.starts]
    found = await service.drafts.review(await reopened(service, name))
    assert [one.message for one in found.notes_at("date")] == [
        f"It is called off, and stays so. The same chat on another day is a new one. {kept}"
    ]
    assert found.starts == planned.starts
    assert moved_starts(database) == {name: planned.starts}
    database.close()


async def test_a_day_in_the_file_that_is_over_is_not_held_against_a_moved_chat(
    service: TeamService, schedules: Path, store_url: str
) -> None:
    name, _written, later = await moved(service, schedules, store_url, "2026-11-29")
    found = await service.drafts.review(await reopened(service, name))
    assert found.starts == later.starts
    assert not [one for one in found.notes if "is over" in one.message]


async def state(service: TeamService, name: str) -> TeamChat:
    found = await service.chat(name)
    assert found
    return found
