"""How a verb ends: 0 done, 1 the input has mistakes, 2 it could not run. With a plain line, never with a traceback."""

from __future__ import annotations

import errno
import sys
from typing import NoReturn

import click
import msgspec

from bot.errors import ConvenorError, InputError


class Verb(click.Command):
    """A verb that ends with a plain message instead of a traceback."""

    def invoke(self, context: click.Context) -> object:
        """Run the verb. InputError ends with 1; any other deliberate error, a full disk and Ctrl-C with 2."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            end(2, "Stopped.")
        except (ConvenorError, OSError, ExceptionGroup) as error:
            found = _first(error)
            if isinstance(found, OSError):
                end(2, f"{found.filename or 'The output'} cannot be used: {found.strerror or found}.")
            elif found is None:
                raise
            end(1 if isinstance(found, InputError) else 2, str(found))


def _first(error: Exception) -> Exception | None:
    """The error to tell of, out of the groups that tasks wrap theirs in; None where it is a mistake of ours.

    A pipe that nobody reads any more is click's business.
    """
    if isinstance(error, ExceptionGroup):
        found = [_first(one) for one in error.exceptions]
        return None if None in found else found[0]
    known = isinstance(error, ConvenorError) or (isinstance(error, OSError) and error.errno not in {None, errno.EPIPE})
    return error if known else None


def end(code: int, message: str) -> NoReturn:
    """End the verb with a plain line on standard error."""
    click.echo(message, err=True)
    sys.exit(code)


def print_json(value: object) -> None:
    """In UTF-8, as JSON is, whatever this terminal speaks."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))
