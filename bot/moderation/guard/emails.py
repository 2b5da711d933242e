"""E-mail addresses of people, also where they are hidden from machines. Pure.

Rule `emails` reads `@`, "at", "(at)", "[at]" and the like, and "dot" for a full stop. It leaves out handles (@kate,
@kate@example.social), mailboxes of organisations (info@…), and "look at example.org", which is a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.moderation.guard.first_look import found_by
from bot.moderation.guard.normalized_text import NormalizedText, Sign
from bot.moderation.guard.public import is_own, is_public

_DOMAIN = re.compile(r" ?@ ?([a-z0-9-]{1,63}(?: ?\. ?[a-z0-9-]{1,63}){0,4} ?\. ?[a-z]{2,24})(?![\w@])")
_LOCAL = re.compile(r"[a-z0-9_](?:[\w.+'-]{0,63})?$")

_OPEN, _SHUT = r"\s?[(\[{<*_|\"'-]{1,2}\s?", r"\s?[)\]}>*_|\"'-]{1,2}\s?"
_AT = rf"(?:{_OPEN}(?:at|@|a){_SHUT}|\s+at\s+|\s?@\s?)"
_DOT = rf"(?:{_OPEN}(?:dot|punkt|\.){_SHUT}|\s+dot\s+|\s?\.\s?(?=[a-z]))"
_WORD = r"[a-z0-9_][\w+'-]{0,40}"
_SPELT = re.compile(
    rf"(?<![\w@.])(?P<local>{_WORD}(?:(?:\s(?:dot|underscore|dash|hyphen)\s|[.]|{_OPEN}dot{_SHUT}){_WORD}){{0,3}})(?P<at>{_AT})"
    rf"(?P<domain>[a-z0-9-]{{2,40}}(?:{_DOT}[a-z0-9-]{{2,20}}){{1,3}})(?!\w)"
)
_CHEAP_AT = re.compile(r"@|\sat\s|[(\[{<*_|\"'-]\s?at?[\s)\]}>*_|\"'-]")
_CHEAP_DOT = re.compile(r"\.\s?[a-z]|dot|punkt|[(\[{<*_|\"'-]\s?\.")
_PROVIDER = re.compile(
    rf"(?<![\w@.])(?P<local>{_WORD}(?:(?:\s(?:dot|underscore|dash)\s|[.]){_WORD}){{0,3}})(?:{_AT}|,? on )"
    r"(?:gmail|hotmail|outlook|yahoo|icloud|btinternet|aol|protonmail|googlemail|nhs dot net)\b"
)
_MAIL = re.compile(r"\be-?mails?\W{1,3}(?:address\W)?(?:is\W|:\s)?$")
_NAMED_MAILBOX = re.compile(
    r"\b(?:gmail|hotmail|yahoo|outlook|icloud)(?: (?:address|account|name))? (?:is|:"
    r"|=) ?(?P<local>[a-z][a-z._-]*\d[\w.-]*)(?![\w@])"
)
_MENTIONS_PROVIDER = ("mail", "outlook", "yahoo", "icloud", "btinternet", "aol")

_ORGANISATION = """
admin booking bookings conference contact editor enquiries enquiry event events feedback hello help info mail media
members membership news newsletter no-reply noreply office press privacy reception research support survey team
training volunteers comms cpd otnews ots study trial project network group groups sig submissions submit abstracts
learning webinars webinar chat hub recruitment advice helpline ask sales orders shop service services customer
complaints pals foi ig dpo webmaster postmaster podcast journal editorial marketing policy practice research studydays
studyday conferences bursary bursaries grants admissions courses course student students placements placement otalk
rcot aota wfot ot aot posters poster standards standard secretariat jobs job desk clinic clinics falls duty reviews
review rehab therapy
therapies panel office union reps rep branch regional club loans insurance cover wheelchairs tickets refunds families
volunteers letters mods moderators editors national congress society speaker speakers sponsorship sponsors
exhibition exhibitors accounts payroll it servicedesk safeguarding library hq programme program workshops events
ethics governance library comms education careers jobs library secretary chair committee
"""
_BOXES = frozenset(_ORGANISATION.split())
_LONG_BOXES = tuple(sorted(box for box in _BOXES if len(box) >= len("club")))
"""What a mailbox in one word ends with: "handsclub", "otstudents"."""
_ALL_ENDINGS = """
com org net uk ie info edu gov io eu us scot wales au nz ca ac co nhs me biz live za sg ng ke pk lk my ph hk de fr es
it nl be ch at se no dk
fi pl pt br example mail email in zw
"""
_ENDINGS = frozenset(_ALL_ENDINGS.split())
_SURE_ENDINGS = frozenset({"com", "org", "net", "uk", "ie", "edu", "gov", "au", "nz", "ca"})
_VERBS = """
look looked looking find found see seen us it me meet met join visit more details info available register posted shared
hosted here up is was be are live working worked works work based stay staying or and arrive start starts sign book
account accounts inbox people someone everyone email emails them him her you they team again read out list online blog
page site website stuff resources slides recording free back all good great over that this
"""
_NOT_LOCAL = frozenset(_VERBS.split())


@found_by(small=(_DOMAIN, _SPELT, _PROVIDER, _NAMED_MAILBOX))
def emails(normalized: NormalizedText) -> Iterator[Sign]:
    """E-mail addresses with `@`, or spelt with "at" and "dot"."""
    lowercase = normalized.lowercase
    for start, end in _found(lowercase):
        numbered = any(map(str.isdigit, lowercase[start:end]))
        if not (is_own(normalized, start, end) or (not numbered and is_public(normalized, start, end))):
            yield Sign("email", start, end)


def _found(lowercase: str) -> Iterator[tuple[int, int]]:
    """Where something reads as a person's address."""
    if "@" in lowercase:
        for found in _DOMAIN.finditer(lowercase):
            before = _LOCAL.search(lowercase, max(0, found.start() - 64), found.start())
            if before and _with_sign(lowercase, before, found):
                yield before.start(), found.end()
    if _CHEAP_AT.search(lowercase) and _CHEAP_DOT.search(lowercase):
        yield from _spelt(lowercase)
    if any(name in lowercase for name in _MENTIONS_PROVIDER):
        yield from _at_a_provider(lowercase)


def _spelt(lowercase: str) -> Iterator[tuple[int, int]]:
    """Addresses in words. What was no address may end with the beginning of one: "the client at jo dot ray at …"."""
    start = 0
    while spelt := _SPELT.search(lowercase, start):
        is_one = ("@" not in spelt["at"] or "dot" in spelt["domain"]) and _is_spelt(spelt)
        if is_one:
            yield spelt.span()
        start = spelt.end() if is_one else spelt.start("domain")


def _at_a_provider(lowercase: str) -> Iterator[tuple[int, int]]:
    """Mailboxes beside the name of a provider: "ann72 at gmail", "his gmail is ann72"."""
    for spelt in _PROVIDER.finditer(lowercase):
        called = _MAIL.search(lowercase, max(0, spelt.start() - 20), spelt.start())
        if _a_person(spelt["local"]) and (called or re.search(r"[\d._]| dot ", spelt["local"])):
            yield spelt.span()
    for named in _NAMED_MAILBOX.finditer(lowercase):
        yield named.span("local")


def _with_sign(lowercase: str, before: re.Match[str], found: re.Match[str]) -> bool:
    """Whether it is an address, not a handle; where there are gaps around the sign, its end has to be known."""
    if not _a_person(before[0]) or lowercase[before.start() - 1 : before.start()] == "@":
        return False
    return " " not in found[0] or found[1].rpartition(".")[2].strip() in _SURE_ENDINGS


def _is_spelt(spelt: re.Match[str]) -> bool:
    """Whether words make an address: with a plain "at" and a plain full stop, the part before has to look like one."""
    local, domain = spelt["local"], spelt["domain"]
    if not _a_person(local) or re.split(r"\W+", domain)[-1] not in _ENDINGS:
        return False
    if domain in {"the", "in"}:
        return False
    plainly = spelt["at"].strip() == "at" and not re.search(r"dot|[^\w\s.-]", domain)
    return not plainly or re.search(r"[\d._]| dot ", local) is not None or "mail" in domain


def _a_person(local: str) -> bool:
    """Whether a mailbox is a person's: no piece of its name is an office, an event or a service."""
    plain = local.rstrip("0123456789")
    if local in _NOT_LOCAL or not _BOXES.isdisjoint(re.split(r"[._-]", plain)):
        return False
    return not plain.endswith(_LONG_BOXES)
