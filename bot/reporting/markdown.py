"""The transcript as CommonMark. Pure.

What participants wrote is shown, never acted on: each mark of theirs that could mean something to Markdown is escaped,
and only web addresses become links. Written piece by piece, so that a long transcript need not be held in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.live.attribution import AFTER, BEFORE
from bot.ports.views import MessageView
from bot.reporting.formatting import Hours, called, figures, silence, where
from bot.reporting.links import split, web
from bot.reporting.numbers import Numbers
from bot.reporting.record import Record, Silence
from bot.reporting.transcript import sections, stream

_MEANS = re.compile(
    r"""([$&*<>\[\\\]^_`|~]          # wherever it stands
        |^[-+=:\#]                 # a list, an underlined heading, a heading
        |\#(?=[\s\#]|$)            # the end of a heading
        |(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=^\d{3})[.)]|(?<=^\d{4})[.)])""",
    re.VERBOSE,
)
_BREAK = "\\"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def markdown(record: Record, numbers: Numbers) -> Iterator[str]:
    """The document, in pieces."""
    hours = Hours(record)
    yield from _head(record, hours)
    yield from _numbers(numbers)
    titles = {BEFORE: "Before the first question", AFTER: "After the end"}
    titles |= {one.key: f"{one.key.upper()}. {one.text}" for one in record.chat.questions}
    for key, messages in sections(record).items():
        gaps = [gap for gap in record.gaps if gap.question == key]
        if messages or gaps or key not in (BEFORE, AFTER):
            yield f"\n## {inline(titles[key])}\n"
            yield from _conversation(messages, gaps, hours)


def inline(text: str) -> str:
    """Anybody's text on one line, so that it is only shown."""
    return _piece(" ".join(text.split()))


def quoted(text: str) -> str:
    """A participant's text as a block quote, line by line."""
    lines = [_piece(line.strip()) for line in text.splitlines()] or [""]
    followed = [bool(after) for after in [*lines[1:], ""]]
    return "".join(
        f"> {line}{_BREAK if line and more else ''}".rstrip(" ") + "\n"
        for line, more in zip(lines, followed, strict=True)
    )


def _piece(text: str) -> str:
    clean = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    return "".join(f"<{piece}>" if link else _MEANS.sub(r"\\\1", piece) for piece, link in split(clean))


def _head(record: Record, hours: Hours) -> Iterator[str]:
    chat = record.chat
    yield f"# {inline(chat.title)}\n\n{inline(' · '.join(filter(None, (chat.hashtag, hours.span()))))}\n"
    if chat.hosts:
        yield f"\nHosted by {inline(', '.join(host.name for host in chat.hosts))}.\n"
    if web(chat.link):
        yield f"\n<{chat.link}>\n"


def _numbers(numbers: Numbers) -> Iterator[str]:
    yield "\n## The Numbers\n\n| Figure | Value | How it is counted |\n| --- | ---: | --- |\n"
    for title, value, rule in figures(numbers):
        yield f"| {title} | {value} | {rule} |\n"


def _conversation(messages: list[MessageView], gaps: list[Silence], hours: Hours) -> Iterator[str]:
    if not messages and not gaps:
        yield "\nNo answers were heard.\n"
    for one in stream(messages, gaps):
        yield _said(one, hours) if isinstance(one, MessageView) else _note(one, hours)


def _note(gap: Silence, hours: Hours) -> str:
    return f"\n*{inline(silence(gap.place, hours.say(gap.since), hours.say(gap.until)))}*\n"


def _said(one: MessageView, hours: Hours) -> str:
    handle = f" ({inline(one.author.handle)})" if one.author.handle and one.author.name else ""
    place = inline(where(one.place))
    source = f"[{place}](<{one.url.replace('&', '&amp;')}>)" if one.url else place
    return f"\n**{inline(called(one.author))}**{handle}, {hours.say(one.at)}, {source}\n\n{quoted(one.text)}"
