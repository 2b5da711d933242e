"""Requests in private about the record, or to get no more messages: done at once, with one receipt.

A message that says it in a chat is dealt with as it is heard (`bot.listening`). Here it is a direct message, a command
of the platform, or a form: it has an author, and at most a message that it is about.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.live.consent import Request, privacy_request
from bot.live.receipts import privacy_answer
from bot.messages import AnyEvent, Command, Returned, TakenOut, Withdrawn
from bot.store import erasures, messages
from bot.store.database import Database
from bot.store.erasures import ErasedPerson
from bot.store.message_rows import Ident, MessageRow
from bot.translation import _


class PrivacyRequests:
    """Carries them out. `hear` stores an event, `stop` sees to it that a person is never written to again.

    `accounts` returns all accounts of the person with one, by place and id; `tell`, what is held on them, in words.
    """

    def __init__(
        self,
        database: Database,
        *,
        hear: Callable[[AnyEvent], Awaitable[None]],
        stop: Callable[[str, str], Awaitable[None]],
        accounts: Callable[[str, str], tuple[Ident, ...]],
        tell: Callable[[tuple[Ident, ...]], Awaitable[str]],
    ) -> None:
        self._database, self._hear, self._stop = database, hear, stop
        self._accounts, self._tell = accounts, tell

    async def carry_out(self, commands: Sequence[Command]) -> str:
        """Do what commands ask for, and say once what was done. Raises StoreError.

        They are the same but for their author: one person may have several accounts in a place. Nothing that is stored
        ties these to each other.
        """
        request = privacy_request(commands[0].text)
        if request == "hold":
            return await self._told(commands)
        if request in {"take out", "put back"}:
            return await self._one_message(commands, request)
        for command in commands:
            await self._about_person(command, request)
        return privacy_answer(request or "stop")

    async def _about_person(self, command: Command, request: Request | None) -> None:
        place, author = command.place, command.author
        if request == "stop":
            await self._stop(place, author.id)
        elif request == "leave":
            await self._hear(Withdrawn(place=place, at=command.at, author=author))
        elif request == "return":
            await self._hear(Returned(place=place, at=command.at, author=author, chat=command.chat))
        elif request == "forget yes":
            await self._forget(command)

    async def _told(self, commands: Sequence[Command]) -> str:
        """The data held on a person, in lines for them."""
        accounts = [one for command in commands for one in self._accounts(command.place, command.author.id)]
        held = await self._tell(tuple(dict.fromkeys(accounts)))
        ways = _('To take a single post out, reply to it with "leave this out"; to have all of it erased, "forget me".')
        return f"{held}\n{ways}"

    async def _forget(self, command: Command) -> None:
        person = ErasedPerson(accounts=tuple(self._accounts(command.place, command.author.id)))
        await self._database.write("outgoing", erasures.request, person, command.at)

    async def _one_message(self, commands: Sequence[Command], request: Request) -> str:
        for command in commands:
            row = await self._own_message(command)
            if row is not None:
                is_out = request == "take out"
                await self._hear(TakenOut(place=row.place, id=row.id, at=command.at, chat=row.chat, on=is_out))
                return privacy_answer(request)
        return privacy_answer("not yours")

    async def _own_message(self, command: Command) -> MessageRow | None:
        """The message that the command is about, if it is its author's own."""
        place, _, id = (command.about or "").partition("/")
        ident: Ident = (place, id)
        found = (await self._database.write("incoming", messages.get_rows, [ident])).get(ident) if id else None
        is_own = found is not None and found.author is not None and found.author.id == command.author.id
        return found if is_own and place == command.place else None
