"""The room in German: no English is left on any page, and its errors and answers are German, too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
import pytest

from adapters.room.platform import Room
from bot.translation import speaking
from tests.adapters.conftest import HOST_KEY, HOST_PATH, Client
from tests.adapters.room.host_browser import HostBrowser
from tests.fakes.ports import CHAT, FakeCore
from tests.german import foreign_texts

NewClient = Callable[[Room], Client]
OpenRoom = Callable[..., Awaitable[Room]]

SAID = (
    *("Pretend", "OTalk", "Online groups", "Welcome to the chat", "What ", "Which ", "How do people", "example.org"),
    *("You said", "my answer", "Convenor", "Discord", "AutoMod", "token was", "posts wait", "Q1 is on", "minutes more"),
    *("skip q9", "question 9", "extend 5m", "undo", "London", "BST"),
    *(
        "born on",
        "enjoys",
        "1951",
        "My",
        "extend 10m",
        "help",
        "next",
        "room",
        "Thank you all",
        "by video",
        "many messages",
        "patient's name",
        "date of birth",
    ),
)
"""What people, or a pretended core, said: it is in no page's own words."""


async def pages(core: FakeCore, open_room: OpenRoom, new_client: NewClient, language: str) -> dict[str, str]:
    """The pages as somebody sees them who joins and posts, and as a host does."""
    core.chats[CHAT] = msgspec.structs.replace(core.chats[CHAT], language=language)
    with speaking(language):
        client = new_client(await open_room())
    found = {"before": (await client.get())[1]}
    await client.join()
    await client.post("A1 my answer")
    for path in ("", "/out", "/mine", "/cpd", "/fragment", "/edit/none", "/host"):
        found[path] = (await client.get(f"/{CHAT}{path}"))[1]
    for path in ("/", "/about", "/archive/", "/nothing"):
        found[path] = (await client.get(path))[1]
    own = next(one for one in core.heard() if one.author.id.startswith("link-") is False)
    found["edit"] = (await client.get(f"/{CHAT}/edit/{own.id}"))[1]
    found["delete"] = (await client.get(f"/{CHAT}/delete/{own.id}"))[1]
    refused = await client.send_form("say", text=" ")
    found["refused"] = await refused.text()
    async with HostBrowser(client.room.address) as host:
        await host.enter(HOST_KEY)
        found[HOST_PATH] = await host.page()
        for path in ("/review", "/over", "/correct", "/fragment"):
            found[f"{HOST_PATH}{path}"] = await host.page(path)
    return found


async def test_no_english_is_left_on_a_german_page(
    core: FakeCore, open_room: OpenRoom, new_client: NewClient, private_links: None
) -> None:
    del private_links
    english = await pages(core, open_room, new_client, "en")
    german = await pages(core, open_room, new_client, "de")
    left = {path: foreign_texts(english[path], page, SAID) for path, page in german.items()}
    assert {path: texts for path, texts in left.items() if texts} == {}
    assert all('<html lang="de">' in page for page in german.values())
    assert "Bitte schreiben Sie etwas, bevor Sie es absenden." in german["refused"]


@pytest.mark.parametrize(("language", "words"), [("en", 0), ("de", 1)])
async def test_scripts_get_their_words_where_they_are_not_english(
    core: FakeCore, open_room: OpenRoom, new_client: NewClient, language: str, words: int
) -> None:
    core.chats[CHAT] = msgspec.structs.replace(core.chats[CHAT], language=language)
    page = (await new_client(await open_room()).get())[1]
    assert (page.count("data-words="), page.count("Sie lesen mit")) == (words, words)
