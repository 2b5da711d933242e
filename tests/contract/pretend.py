"""A third platform made of the adapters' kit, over `tests.sims.pretend`: the example in "Add a platform".

It posts, edits, deletes, reads the history, and answers commands that are written to it alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from adapters.kit.answers import AnswerTimeout, PrivateAnswers
from adapters.kit.bounded import BackgroundTasks
from adapters.kit.connection import Network, Reconnection
from adapters.kit.errors import ErrorMapper, diagnosis_of
from adapters.kit.lost_answers import earliest, find_own, pages_by_token
from adapters.kit.payloads import read
from adapters.kit.routing import RoutedPlatform
from bot.errors import PlatformError
from bot.messages import AnyEvent, Author, Command, Deleted, Edited, Message, PlatformAction, Post, Receipt, Time, Value
from bot.ports.inbound import AdapterContext
from bot.ports.platform import (
    CurrentMessages,
    Delivery,
    Diagnosis,
    Features,
    Page,
    ReadRequest,
    Source,
    TextRules,
    Traits,
)
from bot.ports.punctuality import check_in_time
from tests.sims.pretend_client import PretendClient

_ERRORS = ErrorMapper(name="Pretend")


class MessagePayload(Value, frozen=True, kw_only=True):
    id: str
    by: str
    text: str
    at: Time
    edited: Time | None = None
    nonce: str | None = None
    reply_to: str | None = None
    to: str | None = None


class Pretend(RoutedPlatform):
    def __init__(self, context: AdapterContext, network: Network) -> None:
        self._place, self._clock, self._listener = place, _, listener = context.place, context.clock, context.listener
        self._network = network
        self._client, self._me = PretendClient(network.api_url, network.timeout), ""
        answers = AnswerTimeout(place=place, commands=context.commands)
        self._answers = PrivateAnswers(place=place, answers=answers, limit=self.traits.text.limit)
        self._tasks = BackgroundTasks()
        self._connection = Reconnection(
            place=place, name="Pretend", listener=listener, connect=self._listen, to_error=_ERRORS.from_exception
        )

    @property
    def traits(self) -> Traits:
        return Traits(
            platform="pretend",
            called="Pretend",
            text=TextRules(limit=1000),
            delivery=Delivery(timeout=self._network.timeout, visible_after=self._network.visible_after),
            features=Features(actions=frozenset({"delete"}), edits=True, receipts=True),
            sources=(Source(name="history"),),
        )

    async def open(self) -> None:
        await self.close()
        await self._connection.open()

    async def close(self) -> None:
        await self._connection.close()
        await self._tasks.close(grace=2.0)

    async def send_message(self, post: Post) -> Receipt:
        fields = {"reply_to": post.reply_to, "picture": post.image.alt if post.image else None}
        return _receipt(await self._call("post", text=post.text, nonce=post.nonce, **fields))

    async def find_message(self, post: Post) -> Receipt | None:
        pages = pages_by_token(lambda more: self._history(earliest(post).isoformat(), more), 100)
        found = await find_own(pages, lambda one: one.nonce == post.nonce)
        return _receipt(msgspec.to_builtins(found)) if found else None

    async def edit_message(self, post: Post, id: str) -> Receipt:
        return _receipt(await self._call("edit", id=id, text=post.text))

    async def take_action(self, post: Post, action: PlatformAction) -> Receipt:
        await self._call("delete", id=action.message, chat=post.chat)
        return Receipt(id=action.message or "", url=None, at=self._clock.now())

    async def read(self, reading: ReadRequest) -> Page:
        found, more = await self._history(reading.since.isoformat(), reading.more)
        return Page(events=tuple(event for one in found for event in self._events(one)), more=more)

    async def find_deleted(self, ids: Sequence[str], chat: str) -> tuple[str, ...]:
        return (await self.find_current(ids, chat)).deleted

    async def find_current(self, ids: Sequence[str], chat: str) -> CurrentMessages:
        found = (await self._call("there", ids=list(ids), chat=chat))["messages"]
        there = [one for each in found if (one := read(each, MessagePayload))]
        edits = [Edited(place=self._place, id=one.id, text=one.text, at=one.edited) for one in there if one.edited]
        ids_there = tuple(one.id for one in there)
        deleted = tuple(id for id in ids if id not in ids_there)
        return CurrentMessages(there=ids_there, edits=tuple(edits), deleted=deleted)

    async def diagnose(self) -> tuple[Diagnosis, ...]:
        try:
            return (Diagnosis(level="ok", text=f"The bot is {(await self._call('who'))['id']}."),)
        except PlatformError as error:
            return (diagnosis_of(error),)

    async def _call(self, do: str, **fields: Any) -> Any:  # noqa: ANN401 -- JSON
        try:
            answer = await self._client.call(do, check_in_time, **fields)
        except (OSError, ValueError) as error:
            raise _ERRORS.from_exception(error, posting=do == "post") from error
        if answer["status"] != 200:
            raise _ERRORS.from_status(answer["status"], posting=do == "post")
        return answer

    async def _history(self, since: str, more: str | None) -> tuple[list[MessagePayload], str | None]:
        answer = await self._call("history", since=since, more=more)
        return [found for one in answer["messages"] if (found := read(one, MessagePayload))], answer["more"]

    async def _listen(self) -> None:
        async for line in self._client.listen():
            if "me" in line:
                self._me = line["me"]
                self._connection.up(self._me)
            elif message := read(line["message"], MessagePayload):
                await self._hear(line["event"], message)

    async def _hear(self, event: str, message: MessagePayload) -> None:
        if message.to == self._me:
            self._tasks.start(self._answer(message))
        elif event == "deleted":
            await self._listener.hear(Deleted(place=self._place, id=message.id, at=self._clock.now()))
        else:
            for one in self._events(message):
                await self._listener.hear(one)

    async def _answer(self, message: MessagePayload) -> None:
        author = Author(id=message.by, handle=f"@{message.by}", name=message.by)
        command = Command(place=self._place, id=message.id, author=author, text=message.text, at=message.at)
        await self._answers.answer(
            (command,), lambda answer: self._call("post", text=answer.text, nonce=f"re-{message.id}", to=message.by)
        )

    def _events(self, one: MessagePayload) -> tuple[AnyEvent, ...]:
        if one.by == self._me or one.to:
            return ()
        message = Message(
            place=self._place,
            id=one.id,
            author=Author(id=one.by, handle=f"@{one.by}", name=one.by),
            text=one.text,
            at=one.at,
            reply_to=one.reply_to,
            changed=one.edited is not None,
        )
        return (
            (message, Edited(place=self._place, id=one.id, text=one.text, at=one.edited)) if one.edited else (message,)
        )


def _receipt(answer: Any) -> Receipt:  # noqa: ANN401 -- JSON
    return Receipt(
        id=answer["id"], url=f"http://pretend.example/{answer['id']}", at=msgspec.convert(answer["at"], Time)
    )
