"""Street addresses that are a person's home. Pure.

Rule `addresses`. A house number and a street count where words such as "lives at" or "key safe" stand before them,
where a flat does, or where the message is about somebody's home. The code of a key safe counts by itself. The address
of a venue, an office or a shop is ordinary talk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from bot.moderation.guard.clinic import INVENTED
from bot.moderation.guard.first_look import found_by
from bot.moderation.guard.normalized_text import NormalizedText, Sign
from bot.moderation.guard.public import is_public

_TYPES = (
    r"(?:Road|Rd|Street|St|Avenue|Ave?|Lane|Ln|Drive|Dr|Close|Cl|Crescent|Cres|Terrace|Terr?|Tce|Grove|Gr|Gardens|Gdns"
    r"|Court|Ct|Place|Pl|Square|Sq|Row|Hill|Mews|View|Park|Walk|Rise|Green|Parade|Pde|Boulevard|Blvd|Way|Circuit|Cct"
    r"|Highway|Hwy|Circle|Cir|Trail|Path|Quay|Wynd|Brae|Vale|Yard|Gate|Croft|Bank|Side|Mount|Fold|Heights|Meadows?"
    r"|Fields?|Cottages?|Villas?|Buildings|House|Tower|Towers|Garth|Hollow|Bend|Loop|Pike|Parkway|Pkwy|Crossing|Ridge"
    r"|Point|Esplanade"
    r"|Esp|Promenade|Chase|Copse|Dell|Dene|End|Holt|Hurst|Lea|Nook|Orchard|Paddock|Spinney|Strand|Warren|Wharf|Woods?"
    r"|Cross|Concourse|Broadway|Plaza"
    r"|Zone \d{1,2}|Extension \d{1,2}"
    r"|(?:[Rr]ue|[Cc]hemin|[Bb]oulevard|[Aa]venue) (?:de (?:la )?|des |du )?[A-Z][\w'-]{2,20}"
    r"|Nagar|Marg|Straat|Weg|County Road \d+|Route \d+|[A-Z][a-z]{2,10}gate|[A-Z][a-z]{2,10}wynd)"
)
_NAMED = rf"(?:(?:[A-Z][\w'-]{{1,20}}|St\.?|\d{{1,3}}(?:st|nd|rd|th))\s){{0,3}}{_TYPES}\b\.?"
_NUMBER = r"(?:[Nn]o\.?\s?|[Nn]umber\s|[Ll]ot\s)?\d{1,5}(?:(?:[/-]| / )\d{1,4})?\s?[a-zA-Z]?,?\s(?:on\s|in\s|of\s)?"
_FLAT = r"(?:(?:[Ff]lat|FLAT|[Aa]partment|[Aa]pt\.?|[Uu]nit|[Rr]oom|[Ss]uite)\s?#?\w{1,4},?\s)"
_CHEAP = re.compile(r"\d ?[a-zA-Z]?,? (?:(?:on|in|of) )?(?:[A-Z]|rue |chemin )")
_STREET = re.compile(
    rf"(?<![\w£$.,/-])(?P<flat>{_FLAT})?{_NUMBER}{_NAMED}"
    r"(?P<apart>,? (?:[Aa]pt|[Uu]nit|[Ff]lat)\.? ?\w{1,4}(?!\w))?(?:,\s[A-Z][\w']{2,20})?"
)
_SMALL_TYPES = (
    r"(?:(?:road|rd|street|avenue|ave|lane|ln|crescent|terrace|grove|gardens)\b"
    r"|(?:close|st|dr|cres|pde|tce|drive|court|place)(?= ?[,.;]|$))"
)
_CHEAP_SMALL = re.compile(rf"\s{_SMALL_TYPES}")
_SMALL = re.compile(rf"(?<![\w£$.,/-])(?P<flat>{_FLAT})?{_NUMBER}(?:[a-z'-]{{2,15}}\s){{1,2}}{_SMALL_TYPES}")
_LIVES = (
    r"(?:liv(?:es?|ed|ing)|stay(?:s|ing)?|address|addy|key ?safe|visit(?:s|ed|ing)?|home|moved?|resid(?:es|ing)"
    r"|house|bungalow|discharged?|going|back|flat|lodging|round|deliver(?:ed|y)?|drop(?:ped)?|collect(?:ed)?|pick up"
    r"|fitted|install(?:ed)?|rails?|ramp|access|seen|see|saw|him|her|mum|dad|patient|pt|client|lady|gent|gentleman"
    r"|man|woman|chap|(?<!are )(?<!we're )at|to|over)"
)
_BEFORE = re.compile(rf"\b{_LIVES}\b[:,\s-]{{1,3}}(?:is\s|was\s)?(?:(?:at|to|in|from|over|on|round)\s)?(?:the\s)?$")
_WEAK = re.compile(r"at|to|over|going|back|round|deliver|drop|collect|pick up|access|moved?|ramp|see|saw|home|house")
_YEAR = re.compile(r"(?:19|20)\d\d,? (?:on|in|of) ")
_HIRED = re.compile(r"room|suite", re.IGNORECASE)
_UNIT = re.compile(r"\d{1,3}[a-z]? ?/ ?\d{1,4} ")
"""Signs that are also said of venues and offices: with these a word for a person or a home has to be there."""
_LOOK_BACK = 40
_HOME = re.compile(
    r"\b(?:he|she|hes|shes|her|his|him|they|their|patient|pt|client|lady|gent|gentleman|resident|no lift|stairs"
    r"|bedbound"
    r"|key ?safe|door code|housebound|lives alone|carers?|daughter|son|wife|husband|mum|dad|home visit|access visit"
    r"|discharge"
    r"|mam|mom|granny|rails?|commode|stairlift|bath|shower|nok|wheelchair|walking frame|steps?|kuia|koro|nan|nana"
    r"|tannie|u?gogo|monsieur|madame|thatha|ammachi"
    r"|gate code|key under|keys? (?:with|at|is)|back door|front door|top bell|doorbell|nobody in|no answer"
    r"|home (?:eval|assessment)"
    r"|trailer|porch|granny flat|elevator|no lift|lift(?:'s)? broken|oxygen|o2|dogs?|beware|can't get (?:in|out|up"
    r"|down)"
    r"|dropped (?:off )?|fitted|measured?|old (?:lady|man)|please visit|ring before|on dialysis|bedroom|zimmer"
    r"|rollator|powerchair|walker|basement|flights|downstairs|won't fit|bka|ramp|uncle|auntie|aunty"
    r"|grandad|grandpa|post stroke|caravan"
    r"|keys? under|key's under|family (?:want|are|is|has|have|say))\b"
)
_NO_HOME = re.compile(
    r"\b(?:parkrun|walks?|chapter|page|section|question|platform|stage|room \d|bus|train|route|marathon|miles?|km|film"
    r"|novel|book|album|i grew up|i used to live|i was born|monopoly|baker street|downing street|park run|sesame)\b"
)
_NUMBERED = re.compile(
    r"\b(?:[Ss]tand|[Ee]rf|[Pp]lot|[Dd]oor [Nn]o\.?|[Hh]ouse [Nn]o\.?|H\.? ?[Nn]o\.?|[Ff]lat [Nn]o\.?|Site|RR|Lot"
    r"|[Ss]hack|[Bb]lock|[Tt]railer|[Cc]halet|[Pp]itch)[ :]#?"
    r"\d+[\w/-]{0,8},?(?: at| in)?(?: (?:[A-Z][\w'-]{1,20}|\d{1,3}(?:st|nd|rd|th)?|cross|block|section|zone|phase|main"
    r"|ext)\b,?){1,6}"
)
_BEFORE_NUMBER = re.compile(
    rf"\b(?:on|in|at|to) {_NAMED},? (?:[Nn]umber|[Nn]o\.?|[Ff]lat|[Aa]pt\.?|[Uu]nit) ?\d{{1,4}}[a-z]?(?!\w)"
)
_CHEAP_BEHIND = re.compile(r"(?:number|no\.?|flat|apt\.?|unit) ?\d")
_ABOVE = re.compile(
    rf"\b(?P<flat>[Ff]lat \w{{1,3}}|(?:\d(?:st|nd|rd|th)|first|second|third|last) (?:house|bungalow)),?"
    rf" (?:(?!on |in )[\w']{{2,12}} ){{1,5}}(?:on|in) {_NAMED}"
)
_CHEAP_NUMBERED = re.compile(r"(?:tand|rf|lot|[Nn]o\.?|RR|ite|ack|lock|ailer|alet|itch)[ :]#?\d")
_HOUSE = re.compile(
    r"(?:\b(?:liv(?:es?|ed|ing)|stay(?:s|ing)|address is|moved|home to) (?:alone )?(?:at|in|to)"
    r"|\b(?:[Hh]er|[Hh]is|[Tt]heir|[Hh]ome) address(?: is|:)|\b[Aa]ddress:) (?:the )?(?:old )?"
    r"(?P<house>(?:[A-Z][\w'-]{1,20} ){1,3}(?:Cottage|House|Court|Lodge|Farm|Barn|Mews|Villas?|Bungalow|Caravan Park"
    r"|Close|Road|Lane|Street|Avenue|Drive|Terrace|Crescent|Tower|Forge|Rectory|Manse|Vicarage|Mill|Croft|Grange)\b)"
)
_CODE = r"\b(?:\W{0,3}\b[a-z]{1,10}\b){0,5}?\W{0,4}(?P<code>[a-z]?\d{4,6}[a-z]?)(?!\w)"
_SAFE = re.compile(rf"\bkey ?-?(?:safe|box){_CODE}")
_HER_DOOR = re.compile(
    r"\bcode (?:for|to) (?:the|her|his|their) (?:\w+ )?(?:door|flat|gate|house"
    r"|building)\W{1,3}(?:is )?(?P<code>(?:\d ?){4,6})(?!\w)"
)
_DOOR = re.compile(rf"\b(?:door|entry|gate|access|key) ?code{_CODE}")


@found_by(_STREET, _SMALL, _NUMBERED, _BEFORE_NUMBER, _ABOVE, short=(1, [_HOUSE]))
def addresses(normalized: NormalizedText) -> Iterator[Sign]:
    """A house number and a street of a home, and a named house where somebody lives."""
    text, lowercase = normalized.text, normalized.lowercase
    if " in " in lowercase or " at " in lowercase or " to " in lowercase or "address" in lowercase:
        for found in _HOUSE.finditer(text):
            if not is_public(normalized, *found.span("house")):
                yield Sign("address", *found.span("house"))
    if normalized.digit_run:
        shown = text.title() if text.isupper() and text.isascii() else text
        streets = _STREET.finditer(shown) if _CHEAP.search(text) else ()
        small = _SMALL.finditer(text) if _CHEAP_SMALL.search(text) else ()
        numbered = _NUMBERED.finditer(text) if _CHEAP_NUMBERED.search(text) else ()
        behind = _BEFORE_NUMBER.finditer(text) if _CHEAP_BEHIND.search(lowercase) else ()
        above = _ABOVE.finditer(text) if "flat " in lowercase or "house" in lowercase or "bungalow" in lowercase else ()
        for found in chain(streets, small, numbered, behind, above):
            if _is_home(normalized, found):
                yield Sign("address", *found.span())


@found_by(small=(_SAFE, _DOOR, _HER_DOOR), digits=4)
def door_codes(normalized: NormalizedText) -> Iterator[Sign]:
    """The code of a key safe, or of the door of somebody's home."""
    lowercase = normalized.lowercase
    if not normalized.digit_run:
        return
    safes = _SAFE.finditer(lowercase) if "key" in lowercase else ()
    doors = _DOOR.finditer(lowercase) if "code" in lowercase and _HOME.search(lowercase) else ()
    told = _HER_DOOR.finditer(lowercase) if "code" in lowercase else ()
    for found in chain(safes, doors, told):
        yield Sign("address", *found.span("code"))


def _is_home(normalized: NormalizedText, found: re.Match[str]) -> bool:
    """Whether a street address is where somebody lives."""
    lowercase = normalized.lowercase
    if is_public(normalized, *found.span()) or INVENTED.search(lowercase) or _YEAR.match(lowercase, found.start()):
        return False
    before = _BEFORE.search(lowercase, max(0, found.start() - _LOOK_BACK), found.start())
    flat = found.groupdict().get("flat") or found.groupdict().get("apart") or _UNIT.match(lowercase, found.start())
    if (flat and not _HIRED.match(lowercase, found.start())) or (before and not _WEAK.match(before[0])):
        return True
    return _HOME.search(lowercase) is not None and _NO_HOME.search(lowercase) is None
