"""The digest: a plain text for an e-mail, as somebody would write it. Pure.

It has the host's summary, the figures, the highlights, for each question what most people replied to, and the links; it
is no transcript. Lines are of the form `format=flowed` (RFC 3676): one that ends in a space goes on in the next, so
that mail programs wrap it anew on a phone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from textwrap import wrap

from bot.ports.views import MessageView
from bot.readable import safe_text
from bot.readable.links import web_url
from bot.reporting.contents import Contents
from bot.reporting.conversation import ident
from bot.reporting.event_fold import Key
from bot.reporting.figure_tables import counted_participants, what_it_was
from bot.reporting.formatting import LocalTimes, counted, display_name, listed, named, on_place, section_label
from bot.reporting.imprint import PLAIN, Imprint
from bot.reporting.numbers import Numbers
from bot.reporting.record import Record
from bot.reporting.shared_links import SharedLink
from bot.reporting.summary import summary_text
from bot.translation import _, ngettext

WIDTH = 72
"""Signs in a line, without the space that says that it goes on."""

MAX_LINKS = 30
"""Links in the digest; the transcript has them all."""

_NAMED = 4
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def digest(contents: Contents, imprint: Imprint = PLAIN) -> Iterator[str]:
    """The text, line by line."""
    for paragraph in _paragraphs(contents, imprint):
        yield paragraph
        yield "\n"


def flowed(text: str, quote: str = "") -> str:
    """A text in lines of this width, each of which begins with `quote`."""
    clean = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", safe_text(text))
    return "".join(_flowed_line(line, quote) for line in clean.split("\n"))


def _flowed_line(line: str, quote: str) -> str:
    width = WIDTH - len(quote)
    *others, last = wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
    lines = [*(f"{one} " for one in others), last.rstrip()]
    return "".join(f"{quote}{one if quote else _stuffed(one)}\n" for one in lines)


def _stuffed(line: str) -> str:
    """The line with a space before what a mail program would take for a quote or for the start of another mail."""
    return f" {line}" if re.match(r"[ >]|From ", line) else line


def _paragraphs(contents: Contents, imprint: Imprint) -> Iterator[str]:
    record, numbers = contents.record, contents.numbers
    yield from _head(record, numbers, imprint)
    if record.summary:
        yield flowed(summary_text(record.summary).rstrip())
    messages = {ident(one): one for one in record.messages}
    times = LocalTimes(record)
    if record.highlights:
        yield flowed(_("What the hosts would like you to read:"))
        yield from (_quoted(messages[key], times) for key in record.highlights if key in messages)
    yield from _questions(contents, times)
    yield from _links(contents.links)
    yield from _foot(imprint)


def _head(record: Record, numbers: Numbers, imprint: Imprint) -> Iterator[str]:
    chat = record.chat
    title = flowed(_line(chat.title))
    tag = f"{_line(chat.hashtag)}, " if chat.hashtag else ""
    names = _line(listed([host.name for host in chat.hosts]))
    hosts = flowed(_("Hosted by {hosts}.").format(hosts=names)) if chat.hosts else ""
    notes = flowed(imprint.draft) if imprint.draft else ""
    notes += flowed(_("This was a rehearsal: nobody in it is real.")) if imprint.rehearsal else ""
    link = f"{chat.link}\n" if web_url(chat.link) else ""
    yield title + flowed(f"{tag}{LocalTimes(record).span()}") + hosts + link + notes
    yield flowed(what_it_was(numbers))


def _questions(contents: Contents, times: LocalTimes) -> Iterator[str]:
    record, replies = contents.record, _replies(contents)
    for question in record.chat.questions:
        figures = contents.numbers.questions[question.key]
        yield flowed(f"{question.key.upper()}. {_line(question.text)}")
        if not figures.posts:
            yield flowed(_("Nobody answered."))
            continue
        answers = counted(figures.posts, ngettext("{count} answer", "{count} answers", figures.posts))
        people = counted_participants(figures.participants)
        yield flowed(_("{answers} by {participants}.").format(answers=answers, participants=people))
        if most := _most_replies(record, question.key, replies):
            count = replies[ident(most)]
            others = ngettext("{count} person replied to it", "{count} people replied to it", count)
            yield _quoted(most, times, f"; {counted(count, others)}")


def _replies(contents: Contents) -> dict[Key, int]:
    """The number of people who replied to each message, without its author."""
    authors = {ident(one): (one.place, one.author.id) for one in contents.record.messages}
    people = {(above, authors[key]) for key, above in contents.parents.items() if authors[above] != authors[key]}
    return Counter(above for above, _ in people)


def _most_replies(record: Record, question: str, replies: dict[Key, int]) -> MessageView | None:
    """The answer to which most people replied, the first of several; None if nobody replied, or it is a highlight."""
    answers = [one for one in record.messages if one.question == question and replies.get(ident(one))]
    most = max(answers, key=lambda one: replies[ident(one)], default=None)
    return most if most and ident(most) not in record.highlights else None


def _quoted(one: MessageView, times: LocalTimes, more: str = "") -> str:
    where = section_label(one.question)
    source = f"{_line(display_name(one.author))} {on_place(one.place)}, {times.time(one.at)}, {where}{more}"
    address = f"{one.url}\n" if one.url else ""
    return flowed(one.text.strip(), quote="> ") + flowed(f"\N{EN DASH} {source}") + address


def _links(links: Iterable[SharedLink]) -> Iterator[str]:
    found = list(links)
    if not found:
        return
    yield flowed(_("Links that people shared:"))
    yield "".join(_link(one) for one in found[:MAX_LINKS])
    if len(found) > MAX_LINKS:
        yield flowed(counted(len(found) - MAX_LINKS, _("And {count} more, in the transcript.")))


def _link(link: SharedLink) -> str:
    names = list(dict.fromkeys(_line(display_name(one.author)) for one in link.messages))
    return flowed(f"- {link.url} ({named(names, _NAMED)})")


def _foot(imprint: Imprint) -> Iterator[str]:
    if whose := [one for one in (imprint.community.name, imprint.community.contact_text) if one]:
        yield flowed(_line(", ".join(whose)))


def _line(text: str) -> str:
    return " ".join(text.split())
