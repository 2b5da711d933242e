"""The transcript as CommonMark. Pure.

Texts of participants are shown literally: every character that Markdown may interpret is escaped, also braces, by which
Jekyll, Hugo and others know commands, and only web addresses become links. The document comes in pieces, so that a long
one is never in memory as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.chat import Question
from bot.ports.views import MessageView
from bot.privacy_notice import publishing_rule
from bot.readable.links import split_links, web_url
from bot.reporting.contents import Contents
from bot.reporting.conversation import Item, Part, ident, late_title
from bot.reporting.figure_tables import Table, answer_rules, figures, place_table, question_tables, what_it_was
from bot.reporting.formatting import LocalTimes, display_name, gap_note, on_place, section_label
from bot.reporting.imprint import PLAIN, Imprint
from bot.reporting.numbers import Numbers
from bot.reporting.record import Record, RecordedGap
from bot.reporting.shared_links import SharedLink
from bot.reporting.summary import summary_markdown
from bot.translation import _

_SPECIAL = re.compile(
    r"""(?:[$&*<>\[\\\]^_`{|}~]        # anywhere in a line
        |^[-+=:\#]                 # a list, an underlined heading, a heading
        |\#(?=[\s\#]|$)            # the end of a heading
        |(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=^\d{3})[.)]|(?<=^\d{4})[.)])""",
    re.VERBOSE,
)
_LINE_BREAK = "\\"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def markdown(contents: Contents, imprint: Imprint = PLAIN) -> Iterator[str]:
    """The document, in pieces."""
    record, numbers = contents.record, contents.numbers
    times = LocalTimes(record)
    yield from _head(record, times)
    yield from _imprint(imprint)
    yield f"\n{inline(what_it_was(numbers))}\n"
    if record.summary:
        yield f"\n## {_('Summary')}\n\n{summary_markdown(record.summary, _literal)}\n"
    yield from _highlights(record, times)
    yield from _numbers(record, numbers)
    questions = {one.key: one for one in record.chat.questions}
    for key, part in contents.parts.items():
        if part.messages or part.in_time or key in questions:
            yield from _section(record, key, questions.get(key), part, times)
    yield from _links(contents.links)
    yield from _table(f"## {_('The hour')}", contents.chart.table)
    if contents.exchanges:
        yield from _table(f"## {_('Who spoke with whom')}", contents.exchanges.table)


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
    pieces = (_link(piece) if link else _literal(piece) for piece, link in split_links(_without_control(text)))
    return "".join(pieces).replace("![", "\\![")  # a link behind an exclamation mark would be a picture


def _without_control(text: str) -> str:
    return text if text.isprintable() else _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _literal(text: str) -> str:
    return _SPECIAL.sub(_escaped, _without_control(text))


def _escaped(found: re.Match[str]) -> str:
    """A sign that stands for itself. Templates come before Markdown, and a backslash would stop no `{{` and no `<%`."""
    return f"&#{ord(found[0])};" if found[0] in "{}<" else f"\\{found[0]}"


def _link(url: str) -> str:
    """A link to a web address, which is shown; braces in it must not be commands either."""
    if "{" not in url and "}" not in url:
        return f"<{url}>"
    return f"[{_literal(url)}](<{url.replace('{', '%7B').replace('}', '%7D').replace('&', '&amp;')}>)"


def _head(record: Record, times: LocalTimes) -> Iterator[str]:
    chat = record.chat
    yield f"# {inline(chat.title)}\n\n{inline(' · '.join(filter(None, (chat.hashtag, times.span()))))}\n"
    if chat.hosts:
        hosts = inline(", ".join(host.name for host in chat.hosts))
        yield f"\n{_('Hosted by {hosts}.').format(hosts=hosts)}\n"
    if web_url(chat.link):
        yield f"\n<{chat.link}>\n"
    if rule := publishing_rule(chat):
        yield f"\n*{inline(rule)}*\n"


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
        yield f"| {' | '.join(map(inline, (row.heading, *row.cells)))} |\n"


def _highlights(record: Record, times: LocalTimes) -> Iterator[str]:
    highlights = frozenset(record.highlights)
    if highlights:
        yield f"\n## {_('Highlights')}\n"
        yield from (_message(one, times) for one in record.messages if ident(one) in highlights)


def _section(record: Record, key: str, question: Question | None, part: Part, times: LocalTimes) -> Iterator[str]:
    yield f"\n## {inline(f'{section_label(key)}. {question.text}' if question else section_label(key))}\n"
    if question and question.image:
        yield f"\n*{_('Picture:')} {inline(question.image.alt)}*\n"
    if not part.messages and not part.in_time:
        yield f"\n{_('No answers were heard.')}\n"
    yield from (_item(one, times) for one in part.in_time)
    if part.late:
        yield f"\n### {late_title(record, key)}\n"
        yield from (_item(one, times) for one in part.late)


def _item(one: Item, times: LocalTimes) -> str:
    if isinstance(one, RecordedGap):
        return f"\n*{inline(gap_note(one.place, times.time(one.since), times.time(one.until)))}*\n"
    return _message(one.message, times) + "".join(f"\n{_below(_message(each, times))}" for each in one.replies)


def _below(message: str) -> str:
    """A message as a quote, because it stands below another."""
    return "".join(f"> {line}".rstrip() + "\n" for line in message.strip("\n").split("\n"))


def _message(one: MessageView, times: LocalTimes) -> str:
    handle = f" ({inline(one.author.handle)})" if one.author.handle and one.author.name else ""
    place = inline(on_place(one.place))
    url = (one.url or "").replace("&", "&amp;").replace("{", "%7B").replace("}", "%7D")
    source = f"[{place}](<{url}>)" if url else place
    return f"\n**{inline(display_name(one.author))}**{handle}, {times.time(one.at)}, {source}\n\n{quoted(one.text)}"


def _links(links: Iterable[SharedLink]) -> Iterator[str]:
    found = list(links)
    if found:
        yield f"\n## {_('Links and resources')}\n\n"
    for link in found:
        people = (f"{inline(display_name(one.author))} ({section_label(one.question)})" for one in link.messages)
        shared = _("{link}, shared by {people}").format(link=_link(link.url), people=", ".join(people))
        yield f"- {shared}\n"
