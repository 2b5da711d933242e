"""Whom a message is about: one patient, people in general, the authors themselves. Pure data, on text in lower case."""

from __future__ import annotations

import re

from bot.moderation.guard.clinic import STAFF
from bot.moderation.guard.phrases import any_of

_DETERMINED = r"(?:my|our|this|a|one|the|another|new) (?:(?!patient|client)[\w'-]+ ){0,4}?"
_NOT_THE_FIELD = (
    r"(?! who wants| feedback| voice| portal| record| safety| group| leaflet| experience| notes| story| flow| facebook"
    r"| participation| list| transport| information| education)"
)
ONE_PATIENT = any_of(rf"""
comes? (?:to|in for|for) (?:my|our|hydro|rehab|therapy|physio|ot|group|clinic|sessions?)
in my (?:room|class|form|year|tutor group|school) | i (?:visit|treat|splint|see|support|teach) (?:him|her|the|his|a)
(?:has|had|needs?|wearing|wears) (?:a|an|the|his|her) (?:\w+ )?(?:trache|peg|colostomy|stoma)
(?:has|had|needs?|wearing|wears) (?:a|an|the|his|her) (?:\w+ )?(?:prosthesis|halo)
(?:has|had|needs?|wearing|wears) (?:a|an|the|his|her) (?:\w+ )?(?:catheter|feeding tube|hearing aids?)
i did (?:the|his|her) \w+ | (?:room|rm|flat) \d{{1,3}}\w? (?:at|in|of)
is my (?:\d+ ?(?:am|pm|o'clock)|next|first|last|newest) | is (?:my|our) new
(?:on|in|under|with|at|from) (?:my|our) (?:\w+ ){{0,2}}(?:caseload|list|ward|books|unit|rehab)
(?:on|in|under|with|at|from) (?:my|our) (?:\w+ ){{0,2}}(?:service|clinic|group|grp|class|ed)
(?:on|in|under|with|at|from) (?:my|our) (?:\w+ ){{0,2}}(?:a&e|hospice|care|day centre|school|icu)
(?:on|in|under|with|at|from) (?:my|our) (?:\w+ ){{0,2}}(?:itu|bay|nursery|waiting list|hospital|department)
under (?:me|us|camhs|cmht|our|the crisis team)
(?:with|to|by) (?:us|me)(?= now| this| since| today| again| for| after| last|[,.!?;)]|$)
(?:i'?m|i am|we'?re|we are|been|just) (?:seeing|treating|splinting|assessing|visiting|doing (?:his|her|the|a))
(?:one of (?:mine|ours)) | {_DETERMINED}(?:patient|client|pt|service user|resident|referral)(?!s){_NOT_THE_FIELD}
(?:now|is|was|as) (?:a|an|our|my) (?:\w+ )?(?:patient|client|inpatient|resident)
(?:newest|latest) (?:patient|client|pt|amputee|referral|resident|admission)
(?:has|had|have|having|'s|s) (?:just |recently |now )?(?:been |got |had )?(?:sectioned|diagnosed|referred)
(?:has|had|have|having|'s|s) (?:just |recently |now )?(?:been |got |had )?(?:admitted|discharged|readmitted)
(?:been|was|is|got|getting|just) (?:sectioned|diagnosed|referred|admitted|discharged)
(?:has|had|'s had) (?:a|an|another|his|her|the) (?:massive |second |bad |big )?(?:stroke|fall|bleed)
(?:s had|just had|having) (?:a|an|another|his|her|the) (?:massive |second |bad |big )?(?:stroke|fall|bleed)
(?:has|had|'s had) (?:a|an|another|his|her|the) (?:massive |second |bad |big )?(?:amputation|seizure|breakdown)
(?:s had|just had|having) (?:a|an|another|his|her|the) (?:massive |second |bad |big )?(?:amputation)
(?:s had|just had|having) (?:a|an|another|his|her|the) (?:massive |second |bad |big )?(?:seizure|breakdown)
(?:has|had|'s had) (?:a|an|another|his|her|the) (?:massive |second |bad |big )?(?:overdose|heart attack|leg off)
(?:s had|just had|having) (?:a|an|another|his|her|the) (?:massive |second |bad |big )?(?:overdose)
(?:s had|just had|having) (?:a|an|another|his|her|the) (?:massive |second |bad |big )?(?:heart attack|leg off)
(?:has|had|'s had) (?:a|an|another|his|her|the) (?:massive |second |bad |big )?(?:hip|miscarriage|tbi|head injury)
(?:s had|just had|having) (?:a|an|another|his|her|the) (?:massive |second |bad |big )?(?:hip|miscarriage)
(?:s had|just had|having) (?:a|an|another|his|her|the) (?:massive |second |bad |big )?(?:tbi|head injury)
(?:referral|referrals) (?:came|in|arrived|landed|for)
(?:saw|seen|visited|treated|assessed|splinted|met|had) (?:\w+ ){{0,8}}?(?:today|this week|this morning)
(?:saw|seen|visited|treated|assessed|splinted|met|had) (?:\w+ ){{0,8}}?(?:yesterday|tonight|on monday|this aft)
(?:home|access|kitchen|school|environmental) (?:visit|assessment|assess)
(?:bed|bay|ward|side room|cubicle) \w?\d{{1,3}}\w?(?!\.\d) | my ward | treating
(?:inpatient|outpatient|amputee|sectioned|end of life)
(?:lost|losing) (?:his|her|both|an?|the|\d|\w+) (?:\w+ )?(?:arms?|legs?|hands?|fingers?)
(?:lost|losing) (?:his|her|both|an?|the|\d|\w+) (?:\w+ )?(?:sight|speech|foot|eye|hearing)
(?:his|her) (?:leg|arm|hand|sight|tremor|speech|memory|splints?)
(?:his|her) (?:stroke|hip|chair|wheelchair|powerchair|frame|prosthetic|stump)
(?:his|her) (?:trache|peg|diagnosis|ms|mnd|dementia|breakdown|rehab)
(?:his|her) (?:equipment|rails?|bath|stairs|kitchen|buttons|shirt|grip)
(?:he|she|they)(?:'s| is| was| has|s)? (?:been )?(?:can'?t|won'?t|doesn'?t)
(?:he|she|they)(?:'s| is| was| has|s)? (?:been )?(?:refus\w+|declin\w+|struggling|paraly[sz]ed)
(?:he|she|they)(?:'s| is| was| has|s)? (?:been )?(?:bedbound|housebound|self.?harming)
(?:he|she|they)(?:'s| is| was| has|s)? (?:been )?(?:suicidal|psychotic|inpatient|sectioned)
(?:can'?t|won'?t|couldn'?t|refus\w+|not able to|unable to) (?:\w+ )?(?:come|dress|wash|walk|stand)
(?:can'?t|won'?t|couldn'?t|refus\w+|not able to|unable to) (?:\w+ )?(?:sit|feed|swallow|hold|eat|button)
(?:can'?t|won'?t|couldn'?t|refus\w+|not able to|unable to) (?:\w+ )?(?:buttons|tolerate|leave|transfer|milk)
(?:can'?t|won'?t|couldn'?t|refus\w+|not able to|unable to) (?:\w+ )?(?:write|speak|hear|sleep|do (?:his|her)|use)
wants? to (?:\w+ )?(?:ride|drive|fly|milk|sail|play|go|get|dance|cook|fish|climb|work|walk|paint|sing|be)
wants? back (?:on|to|in) | needs? (?:a|an|the|new) (?:\w+ )?(?:perching stool|splints?|hoist|ramp|commode)
needs? (?:a|an|the|new) (?:\w+ )?(?:chair|frame|rails?|wheelchair|stairlift|powerchair)
""")
"""That the message is about one patient of the author's, and not about patients."""

SINGULAR = any_of(r"""
he | she | his | her | him | he's | she's | hes | shes | hers | himself | herself
(?:a|an|the|this|that|our|my|another) (?:[\w'-]+ ){0,3}?(?:man|woman|lady|gentleman|gent|chap|bloke)
(?:a|an|the|this|that|our|my|another) (?:[\w'-]+ ){0,3}?(?:guy|fella|lad|lass|boy|girl|kid|child)
(?:old|young|wee|little|poor|lovely|one|kid|only) (?:[\w'-]+ ){0,3}?(?:man|woman|lady|gentleman|gent|chap|bloke)
(?:old|young|wee|little|poor|lovely|one|kid|only) (?:[\w'-]+ ){0,3}?(?:guy|fella|lad|lass|boy|girl|kid|child)
(?:a|an|the|this|that|our|my|another) (?:[\w'-]+ ){0,3}?(?:baby|toddler|teen|teenager|person|mum|dad|widow)
(?:old|young|wee|little|poor|lovely|one|kid|only) (?:[\w'-]+ ){0,3}?(?:baby|toddler|teen|teenager)
(?:old|young|wee|little|poor|lovely|one|kid|only) (?:[\w'-]+ ){0,3}?(?:person|mum|dad|widow)
(?:a|an|the|this|that|our|my|another) (?:[\w'-]+ ){0,3}?(?:widower|pupil|twin|one|patient|client|pt|resident)
(?:old|young|wee|little|poor|lovely|one|kid|only) (?:[\w'-]+ ){0,3}?(?:widower|pupil|twin|one)
(?:old|young|wee|little|poor|lovely|one|kid|only) (?:[\w'-]+ ){0,3}?(?:patient|client|pt|resident) | lady | man
woman | guy | lad | kid | bloke | boy | girl | baby | fella | buddy | koro | nana
""")
"""A word for one person."""

RELATIVE = any_of(r"""
(?:his|her|their|whose) (?:\w+ )?(?:mum|mam|mom|dad|mother|father|wife|husband|son|daughter)
(?:his|her|their|whose) (?:\w+ )?(?:brother|sister|twin|partner|hubby|nan|gran|grandad|widow|family) | hubby
mother-in-law
""")
"""A relative of the patient."""

CLOSE = any_of(r"""
(?:on|to) (?:my|our) (?:\w+ )?(?:caseload|list|books)
(?:is|was|now|got|as) (?:my|our|a) (?:\w+ )?(?:referral|patient|client|pt|inpatient) | under (?:me|us)
referred to (?:me|us|my|our) | got referred | with me
""")
"""That somebody is the author's own patient, even a relative or a neighbour."""

OWN = any_of(r"""
as an? [\w -]{2,30},? i | i'?m (?:a|an|from|\d\d?) | i am (?:a|an|from) | i was (?:a|an|the|born|diagnosed) | i had
my own | i have (?:ms|me|adhd) | i grew up | i trained | i qualified | i work
my (?:\w+ )?(?:mum|mam|mom|dad|nan|gran|granny|grandad|son|daughter|kid|kids|husband|hubby|wife|partner)
my (?:\w+ )?(?:brother|sister|uncle|aunt|cousin|friend|neighbour|mother)
my (?:\w+ )?(?:father|manager|boss|colleague|supervisor|mentor|team|lecturer|\d+ year old)
""")
"""The authors themselves, their families and colleagues."""

PLURAL = any_of(r"""
(?:people|patients|clients|residents|folks|kids|children) (?:with|who|in|from|at|on|are|have|never|need|say)
(?:adults|groups?|ots|everyone|many|most|some|all of us) (?:with|who|in|from|at|on|are|have|never|need|say)
(?:services|students|veterans|staff|farmers|teenagers|carers) (?:with|who|in|from|at|on|are|have|never|need|say)
(?:teachers|families|parents|those) (?:with|who|in|from|at|on|are|have|never|need|say)
(?:men|women|teams?|half my caseload) (?:with|who|in|from|at|on|are|have|never|need|say)
""")
"""People in general."""

GENERAL = any_of(r"""
awareness | did more | done more | mean age | n ?= ?\d+ | cohort | trial reg\w* | study | participants | conference
webinar | keynote | course | podcast | vacancy | job advert | recruiting | pathway | funding stream | commission\w*
survey | audit | policy | guideline\w* | chapter | anyone fancy | curry | placement | cpd | agm | is anyone
who runs | who else | any ots | looking for ots | shadow | salary | prize | award | report | stigma | explainer
exhibition | journal | article | book | transition groups | population of | poll | god rest | talk about | talks? on
reading to | (?:ots?|therapists?|services?) (?:in|from) | programme | helpline | published | waits | does 7 days
our service
""")
"""Talk about the field, not about a patient."""

ON_STAFF = re.compile(rf"\b(?:she|he)(?:'s| is| was)? (?:an?|the|our|my) (?:\w+ )?{STAFF}\b")
"""That one person is a colleague."""

AUTHORS_PLACE = re.compile(r"\b(?:i|i'm|i've|we|we're|we've|our|us)\b[^.!?;\n]*$")
"""A sentence so far whose subject is its author."""
