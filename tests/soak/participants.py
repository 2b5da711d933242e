"""What pretend participants say in a trial, and the question that each message belongs to.

They answer as people do: by a reply, with a mark, under their own last answer, by quoting, or with a picture only. Each
message has a tag of its own (`x answer 7`), and `Said` knows where it belongs. The question is worked out from what was
done, never asked of the bot's own code.
"""

from __future__ import annotations

import asyncio
import random
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from adapters.room.browser_client import BrowserClient
from bot.chat import Chat
from bot.errors import PlatformError
from tests.sims.simulator import Simulator
from tests.soak.setting import DISCORD, QUESTIONS

_ENOUGH = 12
"""The least number of messages on each platform, even if the chat is over."""

_NUMBER = re.compile(r"Q(\d)\. ")

Posts = list[dict[str, Any]]


@dataclass
class Said:
    """What was accepted, by tag: the `place`, and the `question` where it is beyond doubt. `unclear` got no answer.

    `emptied` are messages that their authors left without words. If the questions' `words_stay`, a quotation of one
    belongs to it beyond doubt.
    """

    words_stay: bool = True

    places: dict[str, str] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)
    emptied: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)

    def add(self, tag: str, place: str, question: str | None) -> None:
        """Note a message that was accepted."""
        self.places[tag] = place
        if question:
            self.questions[tag] = question


async def talk_on_x(x: Simulator, chat: Chat, dice: random.Random, said: Said) -> None:
    """Answer on X: replies, threads, quotes, and posts with only a mark and the hashtag; some are edited."""
    number, own = 0, dict[int, tuple[str, str]]()
    while datetime.now(UTC) < chat.ends or number < _ENOUGH:
        await asyncio.sleep(dice.uniform(0.3, 0.9))
        number += 1
        tag, person, mark = f"x answer {number}", number % 3, f"q{dice.randint(1, QUESTIONS)}"
        asked = _asked((await asyncio.to_thread(x.ask, "truth"))["posts"], "text", "by", "OTalk_")
        post, question, _ = dice.choice(asked) if asked else ("", "", "")
        thread, threads_question = own.get(person, ("", ""))
        ways: list[tuple[str, str, dict[str, str]]] = [(f"A{mark[1]} {tag} {chat.hashtag}", mark, {})]
        if post:
            ways.append((f"{tag} {chat.hashtag}", question, {"reply_to": post}))
            ways.append((f"A{mark[1]}: {tag} {chat.hashtag}", mark, {"reply_to": post}))
            ways.append((f"{tag} {chat.hashtag}", question, {"quote_of": post}))
        if thread:
            ways.append((f"{tag} {chat.hashtag}", threads_question, {"reply_to": thread}))
            ways.append((f"A{mark[1]} {tag} {chat.hashtag}", mark, {"reply_to": thread}))
        text, belongs, how = dice.choice(ways)
        made = await asyncio.to_thread(x.tell, "say", by=f"pretend{person}", text=text, **how)
        said.add(tag, "x", belongs)
        id = made["id"]
        if dice.random() < 0.2:
            edited = await asyncio.to_thread(x.tell, "edit", id=id, text=f"{text} (edited)")
            id = edited["id"]
        own[person] = (id, belongs)


async def talk_on_discord(discord: Simulator, chat: Chat, dice: random.Random, said: Said) -> None:
    """Answer in both channels by replies with a ping and by mentions: all that a bot without the intent can read."""
    number = 0
    while datetime.now(UTC) < chat.ends or number < _ENOUGH:
        await asyncio.sleep(dice.uniform(0.3, 0.9))
        number += 1
        tag, mark = f"discord answer {number}", f"q{dice.randint(1, QUESTIONS)}"
        place, channel = dice.choice(list(DISCORD.items()))
        posts = (await asyncio.to_thread(discord.ask, "truth"))["messages"]
        asked = _asked([one for one in posts if one["channel"] == channel], "content", "bot", there=True)
        post, question, words = dice.choice(asked) if asked else ("", "", "")
        picture = {"id": str(number), "filename": "pretend.png", "size": 1, "content_type": "image/png"}
        ways: list[tuple[str, str, dict[str, Any]]] = [(f"<@1000> A{mark[1]} {tag}", mark, {})]
        if post:
            link = f"https://discord.com/channels/500/{channel}/{post}"
            ways.append((tag, question, {"reply_to": post}))
            ways.append((f"A{mark[1]}. {tag}", mark, {"reply_to": post}))
            ways.append((f"> {words}\n<@1000> {tag}", question, {}))
            ways.append((f"<@1000> {tag} {link}", question, {}))
            ways.append(("", question, {"reply_to": post, "attachments": [picture | {"description": tag}]}))
            ways.append((tag, question, {"reply_to": post, "attachments": [picture]}))
        text, belongs, how = dice.choice(ways)
        by = f"Pretend participant {number % 3}"
        made = await asyncio.to_thread(discord.tell, "say", by=by, text=text, channel=channel, **how)
        said.add(tag, place, belongs)
        if text and "attachments" in how and dice.random() < 0.7:
            said.emptied.add(tag)
            await asyncio.sleep(dice.uniform(0.0, 0.5))  # the bot may have heard it by then, or not
            await asyncio.to_thread(discord.tell, "edit", id=made["id"], text="")


async def talk_in_the_room(address: str, chat: Chat, dice: random.Random, said: Said, first: int = 0) -> None:
    """Answer in the room: to a question, with a mark, and with a block of quotation. `first` keeps tags apart."""
    number, joined = first, False
    async with BrowserClient(address, chat.name, "Pretend participant R") as visitor:
        while datetime.now(UTC) < chat.ends:
            await asyncio.sleep(0.4)
            number += 1
            tag, mark = f"room answer {number}", f"q{dice.randint(1, QUESTIONS)}"
            quoted = f"> {mark.upper()}. {chat.questions[int(mark[1]) - 1].text}\n{tag}"
            ways = [(f"A{mark[1]} {tag}", mark), (tag, None), *([(quoted, mark)] if said.words_stay else [])]
            text, belongs = dice.choice(ways)
            try:
                if not joined:
                    await visitor.join()
                    joined = True
                await visitor.post(text)
            except PlatformError:
                said.unclear.add(tag)
            else:
                said.add(tag, "room", belongs)


def _asked(posts: Posts, text: str, by: str, there: object) -> list[tuple[str, str, str]]:
    """The posts that ask a question, each with its key and its words."""
    found = ((one["id"], _NUMBER.match(one[text]), one[text]) for one in posts if one[by] == there)
    return [(id, f"q{match[1]}", words) for id, match, words in found if match]
