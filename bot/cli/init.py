"""The verb `init`: five questions, and a community's first files are there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from pydantic_core import PydanticCustomError
from rich.console import Console

from bot.authoring import fields
from bot.authoring.chat_folder import REHEARSAL
from bot.authoring.timezones import timezone_mistake
from bot.cli.doctor import print_findings
from bot.cli.starter_files import Answers, When, first_files, folder_name
from bot.cli.terminal import Verb, end
from bot.cli.verbs import HELP
from bot.clock import WallClock
from bot.doctor import diagnose
from bot.settings.places import PLATFORMS
from bot.settings.settings import CONTACT, load_settings

_WHEN = re.compile(r"(?P<weekday>[A-Za-z]+)[ ,]+(?:at +)?(?P<hour>\d\d?):(?P<minute>\d\d)[ ,]+(?P<zone>\S.*)")


@click.command(cls=Verb, short_help=HELP["init"])
@click.option("--yes", is_flag=True, help="Take every default, and ask nothing.")
@click.pass_context
def init(context: click.Context, *, yes: bool) -> None:
    """Set a community up here: settings, a series, and an example chat. Then say what is still missing.

    Five questions, each with a default. Writes over nothing that is there.
    """
    file: Path = context.find_root().obj or Path("config.toml")
    if file.exists():
        end(2, f"{file} is there already, so nothing was changed. `convenor doctor` says what is missing.")
    answers = _ask(yes=yes)
    now = WallClock().now().astimezone(ZoneInfo(answers.when.zone))
    settings, *others = first_files(answers, now).items()
    texts = {file: settings[1]} | {file.parent / path: text for path, text in others}
    if (script := file.parent / "schedules" / REHEARSAL).exists():
        texts.pop(script, None)
    there = [path for path in texts if path.exists()]
    if there:
        end(2, f"{', '.join(map(str, there))} is there already, so nothing was changed. Give the series another name.")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as made:
            made.write(text)
        if path == file:
            path.chmod(0o600)  # secrets will be put into it
        click.echo(f"{path}: written.")
    click.echo("What `convenor doctor` says:")
    print_findings(diagnose(load_settings(file), WallClock()), Console())
    click.echo(f"Next: `convenor rehearse {[*texts][-1]}`, then `convenor run`.")
    click.echo("While it runs, `convenor link --team` opens the page on which chats are planned and rehearsed.")


def _ask(*, yes: bool) -> Answers:
    """Ask the five questions; with `yes` take the defaults."""

    def ask(question: str, default: str, valid: Callable[[str], str]) -> str:
        return default if yes else str(click.prompt(question, default=default, value_proc=explained(valid)))

    series = ask("What is the series of chats called?", "Our chat", _series_name)
    word = "".join(part[:1].upper() + part[1:] for part in re.findall(r"[^\W_]+", series))
    hashtag = ask("Its hashtag?", f"#{word}", fields.hashtag)
    when = ask("When is it, and on whose clock?", "Tuesday 20:00 Europe/London", lambda said: _shown(_when(said)))
    places = ask(f"Where? ({', '.join(PLATFORMS)})", "room", lambda said: ", ".join(_places(said)))
    contact = ask("How do people reach you? (e-mail or web address; may be empty)", "", CONTACT.validate_python)
    return Answers(series=series, hashtag=hashtag, when=_when(when), places=_places(places), contact=contact)


def explained(valid: Callable[[str], str]) -> Callable[[str], str]:
    """A check whose mistakes click prints before it asks again."""

    def check(said: str) -> str:
        try:
            return valid(said.strip())
        except PydanticCustomError as error:
            raise click.BadParameter(f"{error.message()}.") from None
        except ValueError as error:  # pydantic's own, around a custom one
            raise click.BadParameter(str(error).splitlines()[-1].partition(" [")[0].strip() + ".") from None

    return check


def _series_name(said: str) -> str:
    if not folder_name(said):
        raise click.BadParameter("write a name with plain letters in it; it becomes the name of a folder.")
    return fields.line(said)


def _when(said: str) -> When:
    found = _WHEN.fullmatch(said)
    if found is None:
        raise click.BadParameter('write the day, the time and the zone, as in "Tuesday 20:00 Europe/London".')
    if mistake := timezone_mistake(found["zone"]):
        raise click.BadParameter(mistake)
    try:
        clock = time.fromisoformat(f"{found['hour']:0>2}:{found['minute']}")
    except ValueError:
        raise click.BadParameter("write a time of 24 hours, like 20:00.") from None
    return When(fields.weekday(found["weekday"]), f"{clock:%H:%M}", found["zone"])


def _shown(when: When) -> str:
    return f"{when.weekday.capitalize()} {when.clock} {when.zone}"


def _places(said: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(re.findall(r"[^\s,]+", said.casefold())))
    unknown = [word for word in words if word not in PLATFORMS and word != "and"]
    if unknown or not words:
        raise click.BadParameter(f"write one or more of {', '.join(PLATFORMS)}.")
    return tuple(word for word in words if word != "and")


VERBS = {"init": init}
