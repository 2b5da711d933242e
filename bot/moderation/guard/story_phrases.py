"""Turns of phrase that say whose story a message tells: a patient's, the author's own, a colleague's, anybody's. Pure.

Each is one thing to weigh for `told_stories`, beside the words; `weights.tsv` says what it is worth.
"""

from __future__ import annotations

import re

from bot.moderation.guard.phrases import alternatives

_CASELOAD = (
    r"(?:my|our) (?:[\w'-]+ ){0,2}(?:list|lists|caseload|books|ward|unit|hospital|rehab|clinic|team|class|group|patch"
    r"|groups|service|list's|care|programme|team's|class's)"
)
_KIN = (
    r"(?:mum|mam|mom|dad|mother|father|parents?|wife|husband|hubby|partner|son|sons|daughter|daughters|brother|sister"
    r"|nan|nana|nanna|gran|granny|grandma|grandmother|grandad|granddad|grandpa|grandfather|niece|nephew|uncle|aunt"
    r"|auntie"
    r"|aunty|cousin|family|kids|eldest|youngest|twins|in-laws|mother-in-law|father-in-law|fianc[eé]e?|boyfriend"
    r"|girlfriend|best friend|housemate|flatmate|ma|da|koro|kuia|toddler|baby)"
)
_STAFF = (
    r"(?:manager|boss|supervisor|consultant|surgeon|registrar|physio|physios|nurse|nurses|matron|porter|porters|sister"
    r"|receptionist|secretary|lecturer|tutor|professor|prof|student|students|educator|mentor|ot|ots|ota|otas|slt"
    r"|psychologist"
    r"|dietitian|pharmacist|director|chair|colleague|colleagues|team ?mate|volunteer|volunteers|speaker|speakers|host"
    r"|trainer|instructor|librarian|chaplain|cleaner|cleaners|hca|hcas|peer worker|commissioner|ward clerk|clerk"
    r"|team lead|lead|editor|author|presenter|guest|guests|keynote|apprentice|rep|teacher|senco|social worker|gp)"
)
_SOMEBODY = r"(?:patient|client|lady|gent|gentleman|guy|fella|lad|chap|fellow|kid|kiddo|pt|resident|girl|boy|man)"
_PHRASES = {
    "OURS": rf"""
(?:on|in|at|under|to|through|into|with|by|for|up) {_CASELOAD}
(?:is|are|was|he's|she's|they're|one) (?:one )?(?:of )?mine
of mine | one of (?:my|our) \w+ | one of ours
with (?:me|us)(?: (?:today|now|since|on|for|every|tues|wed|\w+days?)|[,.!])
under us | under our
i(?:'ve| have)? (?:just )?(?:got|have|see|saw|visit|treat|assess|do|did|had) (?:him|her|his|both|them)
i(?:'ve| have)? got the | i have the | i've the | is one of my | (?:sees|comes to|came to|asked|told|tells|calls) me
referred to (?:us|me) | as a referral
my (?:new|newest|longest|oldest|last|first|\d\w{{1,2}}) (?:patient|client|referral)
my (?!{_KIN}'s )(?:[\w'-]+ )?{_SOMEBODY}
our (?:[\w'-]+ )?(?:patient|client|lady|gent|gentleman|guy|fella|lad|chap|kid|kiddo|pt|resident|girl|boy|man)
my \d{{1,2}} ?(?:am|pm|o'clock) | is mine | is ours | i do (?:his|her|their) | doing (?:his|her) | i made (?:his|her)
i fitted | i teach (?:him|her) | treating | discharged? (?:him|her) | my caseload | our caseload | my books | in with us
had \w+ in (?:today|yesterday|this) | we have (?:him|her|the) | we got (?:him|her) | we've (?:got )?(?:him|her)
""",
    "OWNKIN": rf"""
my (?:own |late |poor |dear |lovely |wee |old |\d+ ?(?:year old|yr old|yo) )?{_KIN}
our (?:own |late |\d+ ?(?:year old|yr old|yo) )?(?:eldest|youngest|son|daughter|kids|dad|mum|mam|nan|gran|twins|baby)
mum's|dad's|my (?:wife|husband|partner)'s
(?<!her )(?<!his )(?:father|mother|brother|sister)[ -]in[ -]law
(?:mum|dad|mam|nan|gran|granny|grandad),? (?:\d+,? )?(?:lives|had|was|broke|fell|always|used|taught|said)
for us
we lost (?:dad|mum|him|her|my|our)
""",
    "OWN": r"""
i(?:'m| am) (?:an? |the |\d|in |also |from |newly |retired |currently )\w* | i was \w+
i(?:'ve| have) (?:had|lived|been|a |my )
as an? (?:\w+ ){0,2}(?:ot|therapist|mum|mom|dad|parent|carer|student|nurse|patient|user|person|survivor)
as an? (?:\w+ ){0,2}(?:disabled|autistic|woman|man)
i (?:broke|lost|fell|had|live|qualified|retrained|grew|trained|work|worked|learned|learnt|love|hate|cried|burnt|burned)
my own
me,? (?:too|an?) | myself | i'm \d+
my (?:job|career|degree|training|placement|students?|supervisor|house|kitchen|desk|dog|cat)
my (?:depression|anxiety|adhd|ms|stroke|diagnosis|hip|knee|back|wrist|cancer|ra|eds|heds|chair|autism|epilepsy|bipolar)
""",
    "ANYBODY": r"""
(?:someone|somebody|anyone|anybody|people|patients|clients|those|folk|folks) (?:with|who|in|whose)
(?:women|men|kids|children) (?:with|who|in|whose)
every \w+ (?:has|have|is|needs|knows) | imagine | suppose | think of | if (?:an?|your|someone|the|they|you)
say (?:your|an?)
told me once | once told me | you can't | a lot of | most (?:of|people) | some of (?:my|our|the) | all of (?:my|our|us)
my (?:patients|clients|lads|ladies|residents|kids|students) | our (?:patients|clients|residents|ladies|lads|kids)
never
always | who else | what if | whoever | nobody | no one | everybody | everyone
anyone (?:else|here|know|used|got|tried|rate)
why do | why is | how do | how many | what do | what does | what's | let's | we all | we need | we should | isn't about
isn't the same as | every ward | there's always | half of | anybody's | somebody's
the (?:same|next|first) \w+ (?:who|that) | sort of person | kind of person | a patient (?:is|has|isn't|should|can)
""",
    "COLLEAGUE": rf"""
(?:my|our) (?:[\w'-]+ ){{0,2}}{_STAFF}
(?:shout ?out|thanks|thank you|congrats|congratulations|well done|kudos|farewell)
(?:she|he|who|and) (?:is )?retir(?:es|ed|ing) | retirement | leaving do
{_STAFF} (?:says|said|told|taught|made|ran|runs|called)
talk (?:on|about|by)
ask for | (?:set|setting) up (?:the|our|their|a) | (?:wrote|wrote up|designed) (?:the|our|that)
trained (?:at|in|with|me)
(?:did|gave|does) (?:the|a|our) (?:[\w'-]+ ){{0,2}}(?:talk|session|training|workshop|teaching|lecture)
(?:is|was|are|were|,) (?:the|my|our|an?|their) (?:[\w'-]+ ){{0,3}}{_STAFF}
(?:she|he|who)'?s? (?:is )?(?:here tonight|presenting|speaking|leaving|hosting|moderating)
(?:her|his|their) (?:first|new) (?:job|post|role) | passed (?:her|his|their) | is the new
(?:does|runs|leads) (?:the|our|a) (?:[\w'-]+ ){{0,3}}(?:group|clinic|class|round|choir|training)
(?:comes|came|coming) in to (?:do|run|teach|talk|show)
(?:our|the) new (?:band|lead|head)
(?:on|in) our \w+ team | from (?:the|our) \w+ team | (?:team|service|department|clinic|unit) (?:at|in)
drop (?:her|him|them) a line
(?:runs|ran|teaches|taught|leads|led|chairs|hosts|presented|lectured|volunteers) (?:our|the|a|my|me)
""",
    "TOLD": r"""
(?:wrote|written|writes|talks|spoke|speaks) (?:about|on|of) | in the (?:film|book|novel|series|play|show|episode)
documentary
story ?line | character | (?:on|in) (?:the )?(?:netflix|corrie|eastenders|late late) | foundation
awareness
on (?:breakfast|radio \d|newsnight|the one show) | is campaigning | campaigns for | talking about (?:his|her)
interview | red carpet | biography | autobiography | quote | campaign
""",
}
TURNS = frozenset(_PHRASES)
"""The names of all turns of phrase."""

_EACH = "|".join(rf"(?P<{name}>{alternatives(phrases)})" for name, phrases in _PHRASES.items())
ANY_PHRASE = re.compile(rf"(?<![\w'-])(?:{_EACH})(?![\w-])")
"""Any turn of phrase; the group that matches has its name."""


def phrases_in(lowercase: str, start: int = 0, end: int | None = None) -> set[str]:
    """The names of the turns of phrase in a stretch of a text in lower case."""
    return {
        str(found.lastgroup) for found in ANY_PHRASE.finditer(lowercase, start, len(lowercase) if end is None else end)
    }
