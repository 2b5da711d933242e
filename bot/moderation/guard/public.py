"""Whether a number, an address or a mailbox is an organisation's: a helpline, a venue, an office. Pure.

The words near it decide. Words about a person ("her", "his son") outweigh the others.
"""

from __future__ import annotations

import re

from bot.moderation.guard.normalized_text import NormalizedText
from bot.moderation.guard.phrases import any_of

_BEFORE, _BEHIND, _BEFORE_VENUE = 60, 40, 90

_PERSON = any_of(r"""
he | she | her | hers | him | his | they live | patient | pt | client | resident | carer | daughter | son | he's
she's | hes | shes | sister | brother | husband | wife | mum | mam | mom | dad | nan | neighbour | neighbor | niece
nephew | lady | gentleman | gent | man | woman | boy | girl | nok | next of kin | lives? | flat | keysafe | key safe
lady's | mother | father | partner | my | widow | mobile | cell | personal | home visit | access visit
""")
_PLACES = r"""
demo days? | open days? | holiday inn | premier inn | travelodge | changing places | caf[eé]s?
public sessions? | leisure pool | membership | send (?:old|your|used|any|spare|all) | taxi firms?
box office | congress | for charity
for the (?:\w+ ){0,2}charity | walked from | cycled from | biscuits | coffee (?:from|at|provided) | lunch provided
factory | seats | open to all | free for members | visitors? (?:centre|parking)
our (?:new )?(?:base|premises|unit|hub|shop) | volunteers? wanted | fundraiser | charity shop | garden centre
gallery | cinema | zoo | stadium | castle | aquarium
"""
"""Where anybody may go."""
_ORGANISATION = any_of(rf"""
{_PLACES}
helpline | help ?desk | helpdesk | hotline | switchboard | main line | main number | advice line | support line
info(?:rmation)? line | reception | front desk | office | head office | hq | headquarters | enquiries | enquiry
bookings? | booking line | customer | call centre | line is open | lines are open | open \d | mon-fri
monday to friday | 9-5 | 24/7 | charity | society | association | council | college | university | museum | library
conference | venue | study day | workshop | webinar | dial in | dial-in | fax | freephone | department of health
samaritans | rcot | aota | wfot | hcpc | cqc | age uk | nhs 24 | careline | crisis line | duty desk | hotel | cafe
parking | car park | sat ?nav | meet(?:ing)?(?! (?:her|him|them)) | held at | takes place | exhibition | showroom
warehouse | supplier | publisher | registered (?:office|charity) | tickets? | at the door | doors? (?:open|at|opens)
rsvp | come to $ | come along | come say | we're (?:in|at) | find us | join us | booth
our (?:clinic|base|new address|team|hub) | based at | to submit | questions about | slides | poster hall
registration | general enquiries | posting the \w+ | loan store
equipment stores? | stores? | department | dept | duty team
single point of access
spa | hub | pharmacy | supplier's | bureau | depot | warehouse | surgery reception | ward clerk | main desk
press office | on.?call | duty ot | rep is | our (?:\w+ )?reps? | engineer | technician | dnas
collections | deliveries | out of hours | appointments | freepost | secretary's office | opening hours | helplines?
crisis team line
""")
_PLAINLY = re.compile(
    r"\bmy (?:desk|direct line|work (?:number|phone|mobile)|extension|clinic line)(?: is| on|:)?\W{0,4}$"
    r"|\b(?:(?:office|helpline|switchboard|switch|voicemail|reception|front desk|main|booking|duty|advice|support|admin"
    r"|information|press|customer|his pa|her pa|hotline)(?: line| number| desk| phone| service| mobile)?"
    r"|(?:team|ward|clinic|department) (?:line|number|desk|phone|mobile))"
    r"(?:\W{0,3}(?:is|on|at|now|changed to))?\W{0,4}$"
    r"|\b(?:nmc|hcpc|gmc|rcn|rcot|rcslt|csp|unison|bma|basw|acas|cqc|ofsted|dvla|dwp|hmrc|motability|nhs direct"
    r"|suppliers?|manufacturers?|distributors?|dealers?|stockists?|courier|the rep|showroom)\b"
    r"(?:(?!\b(?:he|she|her|his|him|patient|pt|client|daughter|son|wife|husband|mum|dad|lady|gent|carer)\b)[^\d\n])"
    r"{0,45}$"
    r"|\b(?:house of commons|parliament|downing street|senate|university of \w+|royal college)\b[^\d]{0,20}$"
)
"""An organisation's whoever else is spoken of."""
_VENUE = any_of(rf"""
{_PLACES}
conference | venue | study day | workshop | university | college | museum | hotel | parking | car park | sat ?nav
held at | takes place | exhibition | tickets? | doors? (?:open|at|opens) | rsvp | registered (?:office|charity)
freepost | our (?:new )?(?:clinic|office|base|address|premises) | clinic address | business park | trading estate
po box
come say | come along | headquarters | head office | library | town hall | village hall | community centre
conference centre
church hall | post the | cheques? | donations? | unit \d+ | study days? | seminar | meeting | agm | cpd evening
(?:clinic|office|shop|store|department|team|practice) (?:has |have |is )?(?:moved|moving) | bus \d+ | fun run
join us | side gate | guildhall | theatre | cathedral | open day | exhibition | rally | march | protest | meet | pop by
hall \d+ | stand \w?\d+ | stadium | arena
(?:see|catch|find|meet) (?:you|ye|yiz|yis|ya|yas|yous|y'all|us|everyone|all) (?:all |guys |lads |folks )*there
see (?:you|ye|yiz|yis|ya|yas|yous|y'all) (?:all |guys |lads |folks )*
royal college | rcot | college of | convention | (?:old|new|our|their|main) offices? | luas | metro stop | tube stop
stops outside | nearest (?:station|stop|tube) | institute | federation | council offices | civic centre | arena
(?:conference|convention|community|leisure|sports|arts|education|training|postgraduate) (?:centre|center|suite)
sat-?nav | hq | campus | lecture | networking | course | training
""")


_OWN = any_of(r"""
my (?:work )?(?:e-?mail|address) | (?:e-?mail|dm|contact|reach|find) me
i'm at | i am at
i'm on | drop me | my slides? | the slides? | my poster | my paper | phd | dr
prof | professor | the post | vacancy | the speaker | speaker\?? | survey link | reprints?
corresponding author
quer(?:y|ies) | refunds? | get in touch | come join | join us | to join | journal club | apply | applications?
course lead | module lead | (?:our|the) (?:team )?lead | author | tutor | lecturer | for reprints
for the (?:tool|slides|paper|link|poster|handout|form)
reach the | write to us | sign up | register | subscribe | submit
""")
_SOMEBODY = any_of(r"""
he | she | her | hers | him | his | they | their | patient | pt | client | resident | carer | daughter | son | mum
mom | mam | dad
nan | wife | husband | lady | gent | gentleman | family | parents? | sister | brother | mum's | dad's | client's
patient's
""")


def is_own(normalized: NormalizedText, start: int, end: int) -> bool:
    """Whether the words around `[start:end]` say that it is the author's own, or a speaker's."""
    return _is_said(_OWN, normalized, start, end, _SOMEBODY)


def is_public(normalized: NormalizedText, start: int, end: int) -> bool:
    """Whether the words around `[start:end]` say that it belongs to an organisation."""
    return _is_said(_ORGANISATION, normalized, start, end)


def is_plainly_public(normalized: NormalizedText, start: int) -> bool:
    """Whether the words before `start` say so, whatever else is said."""
    return _PLAINLY.search(normalized.lowercase, max(0, start - _BEFORE), start) is not None


def is_venue(normalized: NormalizedText, start: int, end: int) -> bool:
    """Whether the words around `[start:end]` say that people meet there. A postcode has to be plainly that."""
    return _is_said(_VENUE, normalized, start, end, reach=_BEFORE_VENUE)


def _is_said(
    words: re.Pattern[str],
    normalized: NormalizedText,
    start: int,
    end: int,
    but: re.Pattern[str] = _PERSON,
    reach: int = _BEFORE,
) -> bool:
    lowercase = normalized.lowercase
    if is_plainly_public(normalized, start):
        return True
    back, ahead = max(0, start - reach), min(len(lowercase), end + _BEHIND)
    said = words.search(lowercase, back, start) or words.search(lowercase, end, ahead)
    if not said:
        return False
    return not (but.search(lowercase, back, start) or but.search(lowercase, end, ahead))
