"""All deliberate errors of the core. A class's docstring is its default message; the cause is kept with `raise … from`.

An error that a person will read says what is wrong, where, and what to do. None contains a secret or a participant's
words.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class ConvenorError(Exception):
    """Something went wrong that Convenor knows about."""

    def __str__(self) -> str:
        """The given message, else the class's docstring."""
        return super().__str__() or (self.__doc__ or "")


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A mistake, warning or piece of advice about a file that a person wrote. `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    severity: Literal["error", "warning", "advice"] = "error"
    message: str

    def __str__(self) -> str:
        """Like a compiler's message: the position first."""
        label = "" if self.severity == "error" else f"{self.severity}: "
        return f"{self.file}:{self.line}:{self.column}: {label}{self.message}"


class Advice(Problem, frozen=True, kw_only=True):
    """A piece of advice. Its `code` switches it off; `docs` is the page of the guide that says more."""

    code: str
    docs: str


class InputError(ConvenorError):
    """A file has mistakes. `problems` has all of them, in the order of the text."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class SetupError(ConvenorError):
    """Convenor could not start. The message names the remedy."""


class StoreError(ConvenorError):
    """The store could not be opened or written. `invalid`: the values were wrong, not the store."""

    def __init__(self, message: str = "", *, invalid: bool = False) -> None:
        super().__init__(message)
        self.invalid = invalid


def cause_of(error: Exception) -> str:
    """What a log says of an error: of the store's why it refused; of another only its kind, as it may quote people."""
    return str(error) if isinstance(error, StoreError) else type(error).__name__


class UnknownChatError(ConvenorError):
    """There is no such chat in the store."""


class PlatformError(ConvenorError):
    """A platform refused a call or did not answer. Its fields say what to do next, whatever the platform.

    `permanent`: trying again cannot help. `retry_after`: seconds to wait before the next try, or None. `ambiguous`: the
    post may have been published; look before trying again. `lost`: nothing works in this place until a person has done
    what the message says; with `ambiguous` the platform sometimes says so by mistake. `code` is for the log: the HTTP
    status, and the platform's own code after a slash (`400/200000`); empty without an answer. `too_long`: the text may
    have been too long.
    """

    def __init__(
        self,
        message: str = "",
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        ambiguous: bool = False,
        lost: bool = False,
        code: str = "",
        too_long: bool = False,
    ) -> None:
        super().__init__(message)
        self.too_long = too_long
        self.code = code
        self.permanent = permanent
        self.retry_after = retry_after
        self.ambiguous = ambiguous
        self.lost = lost


class TeamError(ConvenorError):
    """The team's request can't be carried out. The message says why, and what to do."""


class ChangedDraftError(TeamError):
    """Somebody else has changed this draft meanwhile. Nothing was lost: look at both, and choose."""


class ChatFileError(ConvenorError):
    """A chat file can't be read or written. The message says why."""


class ChangedMeanwhileError(ChatFileError):
    """Somebody else has changed this file meanwhile. Look at what it is now, and try again."""


class UnreadableAnnouncementError(ConvenorError):
    """No announcement can be read from this file. The message says what to send instead.

    `sentences` are those of the message, each marked for translation.
    """

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences
