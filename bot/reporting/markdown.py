"""The transcript as CommonMark. Pure.

Texts of participants are shown literally: every character that Markdown may interpret is escaped, and only web
addresses become links. The document comes in pieces, so that a long one is never in memory as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.live.attribution import AFTER, BEFORE
from bot.ports.views import MessageView
from bot.reporting.figure_tables import Table, answer_rules, figures, place_table, question_tables
from bot.reporting.formatting import LocalTimes, display_name, gap_note, on_place
from bot.reporting.imprint import PLAIN, Imprint
from bot.reporting.links import split_links, web_url
from bot.reporting.numbers import Numbers
from bot.reporting.record import Record, RecordedGap
from bot.reporting.transcript import merge_gaps, sections
from bot.translation import _

_SPECIAL = re.compile(
    r"""([$&*<>\[\\\]^_`|~]          # anywhere in a line
        |^[-+=:\#]                 # a list, an underlined heading, a heading
        |\#(?=[\s\#]|$)            # the end of a heading
        |(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=^\d{3})[.)]|(?<=^\d{4})[.)])""",
    re.VERBOSE,
)
_LINE_BREAK = "\\"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def markdown(record: Record, numbers: Numbers, imprint: Imprint = PLAIN) -> Iterator[str]:
    """The document, in pieces."""
    times = LocalTimes(record)
    yield from _head(record, times)
    yield from _imprint(imprint)
    yield from _numbers(record, numbers)
    titles = {BEFORE: _("Before the first question"), AFTER: _("After the end")}
    titles |= {one.key: f"{one.key.upper()}. {one.text}" for one in record.chat.questions}
    for key, messages in sections(record).items():
        gaps = [gap for gap in record.gaps if gap.question == key]
        if messages or gaps or key not in (BEFORE, AFTER):
            yield f"\n## {inline(titles[key])}\n"
            yield from _conversation(messages, gaps, times)


@lru_cache(maxsize=4096)
def inline(text: str) -> str:
    """A text on one line, escaped. Cached: names and places come again and again."""
    return _piece(" ".join(text.split()))


def quoted(text: str) -> str:
    """A participant's text as a block quote, escaped line by line."""
    lines = [_piece(line.strip()) for line in text.splitlines()] or [""]
    followed = [bool(after) for after in [*lines[1:], ""]]
    return "".join(
        f"> {line}{_LINE_BREAK if line and more else ''}".rstrip(" ") + "\n"
        for line, more in zip(lines, followed, strict=True)
    )


def _piece(text: str) -> str:
    clean = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    return "".join(f"<{piece}>" if link else _SPECIAL.sub(r"\\\1", piece) for piece, link in split_links(clean))


def _head(record: Record, times: LocalTimes) -> Iterator[str]:
    chat = record.chat
    yield f"# {inline(chat.title)}\n\n{inline(' · '.join(filter(None, (chat.hashtag, times.span()))))}\n"
    if chat.hosts:
        hosts = inline(", ".join(host.name for host in chat.hosts))
        yield f"\n{_('Hosted by {hosts}.').format(hosts=hosts)}\n"
    if web_url(chat.link):
        yield f"\n<{chat.link}>\n"


def _imprint(imprint: Imprint) -> Iterator[str]:
    whose = [one for one in (imprint.community.name, imprint.community.contact_text) if one]
    if whose:
        yield f"\n{inline(', '.join(whose))}\n"
    if imprint.draft:
        yield f"\n**{inline(imprint.draft)}**\n"
    if imprint.rehearsal:
        yield f"\n**{_('This was a rehearsal: nobody in it is real.')}**\n"


def _numbers(record: Record, numbers: Numbers) -> Iterator[str]:
    yield f"\n## {_('The Numbers')}\n\n"
    yield f"| {_('Figure')} | {_('Value')} | {_('How it is counted')} |\n| --- | ---: | --- |\n"
    for title, value, rule in figures(record, numbers):
        yield f"| {title} | {value} | {rule} |\n"
    if places := place_table(record, numbers):
        yield from _table(f"### {places.caption}", places)
    for number, table in enumerate(question_tables(record, numbers)):
        yield from _table(f"#### {inline(table.caption)}" if number else f"### {table.caption}", table)
        if not number:
            yield "\n"
            yield from (f"- {title}: {rule}\n" for title, rule in answer_rules())


def _table(heading: str, table: Table) -> Iterator[str]:
    yield f"\n{heading}\n\n| {' | '.join(map(inline, table.columns))} |\n"
    yield f"| --- |{' ---: |' * (len(table.columns) - 1)}\n"
    for row in table.rows:
        yield f"| {' | '.join((row.heading, *row.cells))} |\n"


def _conversation(messages: list[MessageView], gaps: list[RecordedGap], times: LocalTimes) -> Iterator[str]:
    if not messages and not gaps:
        yield f"\n{_('No answers were heard.')}\n"
    for one in merge_gaps(messages, gaps):
        yield _message(one, times) if isinstance(one, MessageView) else _note(one, times)


def _note(gap: RecordedGap, times: LocalTimes) -> str:
    return f"\n*{inline(gap_note(gap.place, times.time(gap.since), times.time(gap.until)))}*\n"


def _message(one: MessageView, times: LocalTimes) -> str:
    handle = f" ({inline(one.author.handle)})" if one.author.handle and one.author.name else ""
    place = inline(on_place(one.place))
    source = f"[{place}](<{one.url.replace('&', '&amp;')}>)" if one.url else place
    return f"\n**{inline(display_name(one.author))}**{handle}, {times.time(one.at)}, {source}\n\n{quoted(one.text)}"
