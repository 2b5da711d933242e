"""How verbs print and end: with 0 if done, 1 if the input has mistakes, 2 if they could not run. Never a traceback."""

from __future__ import annotations

import errno
import sys
from typing import NoReturn

import click
import msgspec

from bot.errors import ConvenorError, InputError
from bot.translation import encode_lazy


class Verb(click.Command):
    """A verb that prints errors as plain messages."""

    def invoke(self, context: click.Context) -> object:
        """Run the verb. InputError ends with 1; other deliberate errors, a full disk and Ctrl-C end with 2."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            end(2, "Stopped.")
        except (ConvenorError, OSError, ExceptionGroup) as error:
            found = _deliberate(error)
            if isinstance(found, OSError):
                end(2, f"{found.filename or 'The output'} cannot be used: {found.strerror or found}.")
            elif found is None:
                raise
            end(1 if isinstance(found, InputError) else 2, str(found))


def _deliberate(error: Exception) -> Exception | None:
    """The first error in a task group's nested groups; None if any of them is a bug.

    A broken pipe doesn't count: click handles it.
    """
    if isinstance(error, ExceptionGroup):
        found = [_deliberate(one) for one in error.exceptions]
        return None if None in found else found[0]
    known = isinstance(error, ConvenorError) or (isinstance(error, OSError) and error.errno not in {None, errno.EPIPE})
    return error if known else None


def end(code: int, message: str) -> NoReturn:
    """End the verb with a line on standard error."""
    click.echo(message, err=True)
    sys.exit(code)


def print_json(value: object) -> None:
    """Print JSON, always in UTF-8, whatever the terminal's encoding."""
    click.echo(msgspec.json.format(msgspec.json.encode(value, enc_hook=encode_lazy), indent=2))


def plain(text: str, *, lines: bool = True) -> str:
    """The text without terminal control sequences; on one line if `lines` is false."""
    kept = "".join(one if one.isprintable() or one in "\n " else " " for one in text)
    return kept if lines else " ".join(kept.split())
