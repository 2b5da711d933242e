"""What the bot made of a trial beside the truth of each platform."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.chat import Chat
from bot.messages import Message
from bot.reporting.record import record
from bot.store.database import Database
from bot.transfer import export_events
from tests.sims.simulator import Simulator
from tests.soak.participants import Said
from tests.soak.setting import DISCORD, QUESTIONS

_TAG = re.compile(r"(?:x|discord|room) answer \d+\b")


def heard(database: Database, chat: Chat) -> Counter[str]:
    """How often each tag is in the event log."""
    messages = (event for event in export_events(database, chat) if isinstance(event, Message))
    return Counter(tag for one in messages for tag in _tags(" ".join((one.text, *(part.text for part in one.media)))))


def wrong_messages(database: Database, chat: Chat, page: str, said: Said) -> Iterator[str]:
    """What is lost, doubled, invented, under another question, or still there although it was taken back."""
    found = heard(database, chat)
    yield from (f"lost: {tag}" for tag in sorted(said.places.keys() - found.keys() - said.emptied))
    yield from (f"heard {count} times: {tag}" for tag, count in found.items() if count > 1)
    yield from (f"nobody said: {tag}" for tag in sorted(found.keys() - said.places.keys() - said.unclear))
    made = record(chat, export_events(database, chat))
    shown = {tag: one for one in made.messages for tag in _tags(one.text)}
    for tag, question in said.questions.items():
        if tag in shown and shown[tag].question != question:
            yield f"{tag}: under {shown[tag].question} ({shown[tag].reason}), not {question}"
    yield from (f"in the record without words, and there: {tag}" for tag in sorted(said.emptied & shown.keys()))
    yield from (f"on the page without words, and there: {tag}" for tag in sorted(said.emptied & set(_tags(page))))
    missing = said.places.keys() - said.emptied - shown.keys()
    yield from (f"not in the record: {tag}" for tag in sorted(missing))


def wrong_posts(chat: Chat, x: Simulator, discord: Simulator, page: str) -> Iterator[str]:
    """Each post exactly once on each platform, the questions in order."""
    truth = discord.ask("truth")["messages"]
    posted = {"x": [post["text"] for post in x.ask("truth")["posts"] if post["by"] == "OTalk_"]}
    for place, channel in DISCORD.items():
        posted[place] = [one["content"] for one in truth if one["bot"] and one["channel"] == channel]
    questions = [f"Q{number}. Question {number}? #soak" for number in range(1, QUESTIONS + 1)]
    for place, texts in posted.items():
        counts = Counter(texts)
        yield from (f"{place}: {count} times {text!r}" for text, count in counts.items() if count > 1)
        yield from (f"{place}: never {text!r}" for text in questions if text not in counts)
        if [text for text in texts if text in questions] != questions:
            yield f"{place}: out of order"
    for question in chat.questions:
        if (count := page.count(f'id="{question.key}"')) != 1:
            yield f"room: {question.key} {count} times"


def _tags(text: str) -> list[str]:
    return _TAG.findall(text)
