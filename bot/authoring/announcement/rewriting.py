"""A text in which words are replaced by what is easier to read, that still knows what was written. Pure."""

from __future__ import annotations

from collections.abc import Callable

import regex


class Rewriting:
    """A text that is rewritten step by step; `written` quotes the original for a part of `text`."""

    def __init__(self, original: str) -> None:
        self._original = original
        self._spans = [(at, at + 1) for at in range(len(original))]
        """Where in the original each character of `text` comes from."""
        self.text = original

    def sub(self, pattern: regex.Pattern[str], replacement: Callable[[regex.Match[str]], str]) -> None:
        """Replace what the pattern finds. What takes its place stands for all that was there."""
        parts: list[str] = []
        spans: list[tuple[int, int]] = []
        done = 0
        for match in pattern.finditer(self.text):
            if match.start() == match.end() or (new := replacement(match)) == match[0]:
                continue
            parts += [self.text[done : match.start()], new]
            spans += self._spans[done : match.start()]
            spans += [(self._spans[match.start()][0], self._spans[match.end() - 1][1])] * len(new)
            done = match.end()
        self.text, self._spans = "".join((*parts, self.text[done:])), spans + self._spans[done:]

    def written(self, start: int, end: int) -> str:
        """The words of the original from which `text[start:end]` was made."""
        spans = self._spans[start:end]
        return self._original[spans[0][0] : spans[-1][1]].strip() if spans else ""
