"""Every deliberate error. The docstring is the message where none is given; the cause is kept with `raise … from`.

An error that a person will read says what is wrong, where, and what to do. None carries a secret or the words of a
participant.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class ConvenorError(Exception):
    """Something went wrong that Convenor knows about."""

    def __str__(self) -> str:
        """The given message, else the class's own words."""
        return super().__str__() or (self.__doc__ or "")


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One mistake or doubt in something a person wrote. `line` and `column` count from 1, in characters."""

    file: str
    line: int
    column: int
    severity: Literal["error", "warning"] = "error"
    message: str

    def __str__(self) -> str:
        """Like a compiler's: place first, then plain words."""
        label = "warning: " if self.severity == "warning" else ""
        return f"{self.file}:{self.line}:{self.column}: {label}{self.message}"


class InputError(ConvenorError):
    """What was handed in has mistakes. `problems` has all of them, in the order of the text."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class SetupError(ConvenorError):
    """Convenor could not start. The message names the remedy."""


class StoreError(ConvenorError):
    """The store could not be opened or written. `unfit`: what was to be written is at fault, not the store."""

    def __init__(self, message: str = "", *, unfit: bool = False) -> None:
        super().__init__(message)
        self.unfit = unfit


class UnknownChatError(ConvenorError):
    """There is no such chat in the store."""


class PlatformError(ConvenorError):
    """A platform refused, or did not answer. It carries the decision, so that the core need not know the platform.

    `permanent`: trying again cannot help. `retry_after`: seconds the platform asked us to wait, or None.
    `ambiguous`: the post may be there; look before trying again. `lost`: nothing will work on this place until somebody
    puts right what the message says.
    """

    def __init__(
        self,
        message: str = "",
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        ambiguous: bool = False,
        lost: bool = False,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after
        self.ambiguous = ambiguous
        self.lost = lost
