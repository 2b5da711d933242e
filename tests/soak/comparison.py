"""What the bot made of a trial beside the truth of each platform."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.chat import Chat
from bot.messages import Message
from bot.reporting.record import record
from bot.store.database import Database
from bot.transfer import export_events
from tests.sims.simulator import Simulator
from tests.soak.file_versions import FileVersions
from tests.soak.participants import Said
from tests.soak.setting import DISCORD

_QUESTION = re.compile(r"Q(\d+)\. (.*?)(?: #soak)?$")
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


def wrong_posts(versions: FileVersions, x: Simulator, discord: Simulator, pages: Sequence[str]) -> Iterator[str]:
    """Each post exactly once on each platform, the questions as the chat file had them; each on every room's page."""
    truth = discord.ask("truth")["messages"]
    posted = {"x": [post["text"] for post in x.ask("truth")["posts"] if post["by"] == "OTalk_"]}
    for place, channel in DISCORD.items():
        posted[place] = [one["content"] for one in truth if one["bot"] and one["channel"] == channel]
    most = 0
    for place, texts in posted.items():
        yield from (f"{place}: {count} times {text!r}" for text, count in Counter(texts).items() if count > 1)
        asked = [match.groups() for text in texts if (match := _QUESTION.match(text))]
        if [int(number) for number, _ in asked] != list(range(1, len(asked) + 1)):
            yield f"{place}: out of order: {[number for number, _ in asked]}"
        yield from (f"{place}: {wrong}" for wrong in versions.wrong([words for _, words in asked]))
        most = max(most, len(asked))
    for number in range(1, most + 1):
        counts = [page.count(f'id="q{number}"') for page in pages]
        yield from (f"room: q{number} {count} times" for count in counts if count != 1)


def _tags(text: str) -> list[str]:
    return _TAG.findall(text)
