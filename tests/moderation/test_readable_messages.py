"""Messages in the store as they read: judged, shown and queued so, and without a word that was taken back."""

from __future__ import annotations

import msgspec

from bot.commands.dashboard import DashboardBuilder
from bot.messages import Author, Edited, Media, Message
from bot.store import commands, people
from tests.fakes.platform import flat_traits
from tests.listening.running_listeners import at
from tests.moderation.moderated_chat import NAME, NUMBER, ModeratedChat, moderated, said

DISCORD = "https://discord.com/channels/1/2/3"
MAP = Media(kind="picture", text="a mind map of groups")


def on_discord(id: str, text: str, **more: object) -> Message:
    message = said(id, url=DISCORD, **more)  # type: ignore[arg-type]
    return msgspec.structs.replace(message, text=text)


def emptied(id: str, minutes: float = 12, **more: object) -> Edited:
    return Edited(place="room", id=id, text="", at=at(minutes), **more)  # type: ignore[arg-type]


async def texts(here: ModeratedChat) -> dict[str, str]:
    return {one.id: one.text for one in await here.conversation.messages(NAME, limit=1000)}


async def dashboard(here: ModeratedChat) -> str:
    traits = {place: flat_traits() for place in here.live.places}
    made = await DashboardBuilder(here.database, here.live_chats, traits).dashboard(NAME, at(13))
    return repr(made)


async def test_ids_read_as_names_that_came_along_or_are_known_from_other_messages(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear_one_by_one(
            said("1", who="5"),
            on_discord("2", "A1 <@5> <@6> <@7> **yes** <t:1697227200:f>", names={"<@6>": "@pretend_lee"}),
        )
        assert (await texts(here))["2"] == "A1 @5 @pretend_lee @someone yes 13 October 2023, 21:00"
        await here.hear(Edited(place="room", id="2", text="A1 <@5> ||no||", at=at(12)))
        assert (await texts(here))["2"] == "A1 @5 [spoiler: no]"
        await here.assert_agreement()
        assert {one.text for one in here.record().messages} == set((await texts(here)).values())


async def test_who_was_left_out_is_not_named_by_id(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear_one_by_one(said("1", "leave me out", who="5"), on_discord("2", "thanks <@5>"))
        assert (await texts(here))["2"] == "thanks @someone"


async def test_an_id_is_no_phone_number_and_a_description_is_judged_like_words(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(
            on_discord("1", "<@07700900123> <@&020794600000> well said"),
            on_discord("2", "", media=(Media(kind="picture", text=f"the chart of {NUMBER}"),), who="b"),
            on_discord("3", "**943** **476** **5919**", who="c"),
        )
        assert set(here.queued()) == {"2", "3"}


async def test_two_pictures_are_no_repetition(store_url: str) -> None:
    async with moderated(store_url) as here:
        picture = (Media(kind="picture"),)
        await here.hear_one_by_one(*(on_discord(str(n), "", media=picture, minutes=11 + n) for n in range(3)))
        await here.hear_one_by_one(*(on_discord(f"x{n}", " ", minutes=15 + n) for n in range(2)))
        assert await texts(here) == dict.fromkeys("012", "picture") | dict.fromkeys(
            ["x0", "x1"], "picture or other attachment"
        )
        await here.assert_agreement()


async def test_an_emptied_message_keeps_its_picture_and_no_words(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear_one_by_one(on_discord("1", "A1 secret", media=(MAP,)), emptied("1"))
        assert await texts(here) == {"1": "picture: a mind map of groups"}
        await here.hear(Edited(place="room", id="1", text="A1 more", at=at(12.5)))
        assert await texts(here) == {"1": "A1 more\npicture: a mind map of groups"}
        await here.hear_one_by_one(
            Edited(place="room", id="1", text="A1 more", at=at(12.7), media=()), emptied("1", 13)
        )
        assert await texts(here) == {}, "the picture was taken off, and then the words"


async def test_of_a_message_that_was_taken_back_whole_nothing_is_shown_until_there_are_words(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear_one_by_one(said("1", "A1 secret"), said("2", "A1 other", who="b"), emptied("1", media=()))
        assert await texts(here) == {"2": "A1 other"}
        assert here.database.read_sync(people.counts_by_place, NAME) == {"room": (1, 1)}
        assert "secret" not in await dashboard(here)
        await here.assert_agreement()
        await here.hear(Edited(place="room", id="1", text="A1 again", at=at(13)))
        assert await texts(here) == {"1": "A1 again", "2": "A1 other"}
        await here.assert_agreement()


async def test_a_held_message_that_was_emptied_leaves_no_word_in_the_queue(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear_one_by_one(
            said("1", f"secret {NUMBER}"), on_discord("2", f"secret {NUMBER}", media=(MAP,), who="b")
        )
        assert set(here.queued()) == {"1", "2"}
        await here.hear_one_by_one(emptied("1", media=()), emptied("2"))
        assert set(here.queued()) == {"2"}, "of the first there is nothing left to decide about"
        seen = await dashboard(here)
        assert "secret" not in seen
        assert "picture: a mind map of groups" in seen
        assert await here.withheld() == []
        await here.hear(Edited(place="room", id="1", text="harmless", at=at(13)))
        assert set(here.queued()) == {"1", "2"}, "it was held, and waits again"
        assert await texts(here) == {}


async def test_an_imported_message_may_come_after_the_edit_that_emptied_it(store_url: str) -> None:
    async with moderated(store_url, rules=None) as here:
        await here.hear_one_by_one(emptied("1", media=()), said("1", "secret"), said("2", "A1 other", who="b"))
        assert await texts(here) == {"2": "A1 other"}
        await here.assert_agreement()


async def test_nothing_is_kept_of_what_others_edit_among_themselves(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear_one_by_one(emptied("1", media=()), said("2", "A1 other", who="b"))
        assert [one.place for one in here.log() if isinstance(one, Edited)] == []


async def test_an_account_has_its_latest_name_on_all_its_messages(store_url: str) -> None:
    async with moderated(store_url) as here:
        new = Author(id="a", handle="@new", name="Pretend A")
        await here.hear_one_by_one(
            said("1"),
            said("2", who="b"),
            msgspec.structs.replace(said("3", minutes=12), author=new),
            said("4", who="b"),
        )
        shown = {one.id: one.author.handle for one in await here.conversation.messages(NAME, limit=1000)}
        assert shown == {"1": "@new", "2": "@b", "3": "@new", "4": "@b"}
        assert {one.id: one.author.handle for one in here.record().messages} == shown
        alone = Author(id="a", name="Kit")
        await here.hear(msgspec.structs.replace(said("6", minutes=11.2), author=alone))
        await here.hear(msgspec.structs.replace(said("7", minutes=12.5), author=new))
        shown = {one.id: one.author.name for one in await here.conversation.messages(NAME, limit=1000)}
        assert (shown["6"], shown["7"]) == ("Kit", "Pretend A"), "it came without a handle, as a proxy's copy does"
        await here.hear(said("5", minutes=11.5))  # read later, with its name of then
        shown = {one.id: one.author.handle for one in await here.conversation.messages(NAME, limit=1000)}
        assert (shown["1"], shown["3"]) == ("@new", "@new")


async def test_an_opt_out_is_recognized_in_the_text_as_typed(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear_one_by_one(
            on_discord("1", "Hello"),
            on_discord("2", "hi", names={"<@&5>": "@Ward Helpers"}),
            Edited(place="room", id="2", text="<@&5> leave me out", at=at(12), names={"<@&5>": "@Ward Helpers"}),
        )
        assert await texts(here) == {}


async def test_commands_read_in_the_log_of_the_dashboard(store_url: str) -> None:
    async with moderated(store_url) as here:
        names = {"<@999>": "@Convenor", "<@5>": "@pretend_kate"}
        await here.hear(said("1", "<@999> mute <@5>", who="lead", mentions_bot=True, names=names))
        [given] = here.database.read_sync(commands.waiting)
        assert (given.command.text, given.command.names) == ("<@999> mute <@5>", names)
        done = msgspec.structs.replace(given.command, place="discord", outcome="done", receipt="Done.")
        here.database.write_sync(lambda connection: commands.enqueue(connection, [done]))
        here.database.write_sync(lambda connection: commands.save_outcome(connection, done, name="mute"))
        assert "text='@Convenor mute @pretend_kate'" in await dashboard(here)
