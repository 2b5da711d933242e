"""The verb `invite`: the ready texts for a chat's announcement. It sends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from bot.authoring.invitation import Invitation, blog, mail, posts, subject, when
from bot.chat import Chat
from bot.cli.chat_files import read_chat
from bot.cli.main import FILE, JSON, SESSION, read_settings
from bot.cli.terminal import Verb, end, plain, print_json
from bot.cli.verbs import HELP
from bot.clock import WallClock
from bot.ports.platform import Traits
from bot.reporting.markdown import inline
from bot.settings.places import RoomPlace
from bot.settings.settings import Settings
from bot.translation import _, use_language
from bot.wiring.adapters import traits
from bot.wiring.joining import ways_to_join

_KINDS = ("blog", "mail", "posts")


@click.command(cls=Verb, short_help=HELP["invite"])
@click.argument("file", type=FILE)
@SESSION
@click.option("--for", "kind", type=click.Choice(_KINDS), help="Only this text. Left out: all.")
@click.option("--no-questions", is_flag=True, help="Leave the questions out.")
@JSON
@click.pass_context
def invite(
    context: click.Context, file: Path, *, session: str | None, kind: str | None, no_questions: bool, as_json: bool
) -> None:
    """Print the announcement of a chat: for a blog (Markdown), an e-mail, and a post in each place. Sends nothing.

    FILE is the chat file. Look the text over before you send it.
    """
    settings = read_settings(context)
    chat = read_chat(settings, file, session)
    chat = _as_planned(settings, chat)
    use_language(chat.language or settings.language)
    places = {name: one for name, one in traits(settings).items() if not chat.places or name in chat.places}
    ways = ways_to_join(settings, chat, places)
    invitation = Invitation(chat=chat, ways=ways, opens=settings.hosting.open_before, asks=not no_questions)
    for concern in _concerns(settings, chat, invitation):
        click.echo(concern, err=True)
    if as_json:
        print_json(_data(invitation, places, kind))
        return
    texts = _texts(invitation, places)
    wanted = {name: text for name, text in texts.items() if kind is None or name.partition(" ")[0] == kind}
    for name, text in wanted.items():
        if len(wanted) > 1:
            click.echo(f"===== {name} =====\n")
        click.echo(f"{plain(text)}\n")


def _as_planned(settings: Settings, chat: Chat) -> Chat:
    """The chat at the start that a command gave it. Ends the verb with 1 if it was called off."""
    from bot.cli.next_dates import as_planned, called_off_names  # noqa: PLC0415 -- the rest needs no store

    if chat.name in called_off_names(settings):
        end(1, f"{chat.name} was called off, so there is nothing to announce.")
    return as_planned(settings, [chat])[0]


def _concerns(settings: Settings, chat: Chat, invitation: Invitation) -> Iterator[str]:
    if chat.ends <= WallClock().now():
        yield f"{chat.name} is over."
    for way in invitation.ways:
        if isinstance(settings.places[way.place], RoomPlace) and not way.address:
            yield f"The room's address is missing: set `public_url` in [places.{way.place}], or add it yourself."


def _texts(invitation: Invitation, places: dict[str, Traits]) -> dict[str, str]:
    """The texts by what they are for."""
    parts = posts(invitation, places)
    return {
        "blog": blog(invitation, inline),
        "mail": f"{_('Subject: {subject}').format(subject=subject(invitation.chat))}\n\n{mail(invitation)}",
    } | {f"posts for {name}": "\n\n-----\n\n".join(found) for name, found in parts.items()}


def _data(invitation: Invitation, places: dict[str, Traits], kind: str | None) -> dict[str, object]:
    chat = invitation.chat
    texts: dict[str, object] = {
        "blog": blog(invitation, inline),
        "mail": {"subject": subject(chat), "body": mail(invitation)},
        "posts": {
            name: [{"text": part, "length": places[name].text.length(part)} for part in found]
            for name, found in posts(invitation, places).items()
        },
    }
    about = {"chat": chat.name, "title": chat.title, "starts": chat.starts, "ends": chat.ends, "when": when(chat)}
    return about | {name: text for name, text in texts.items() if kind in {None, name}}


VERBS = {"invite": invite}
