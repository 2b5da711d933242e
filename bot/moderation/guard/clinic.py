"""Words by which a message is about a patient: conditions, care, equipment. Pure data, on text in lower case.

They never hold a message by themselves; they only say that a name, a place or an age belongs to a patient.
"""

from __future__ import annotations

import re

from bot.moderation.guard.phrases import alternatives, any_of
from bot.moderation.guard.vocabulary import KNOWN_TO_ALL

_CONDITIONS = r"""
stroke | strokes | bleed | haemophilia | cva | tia | dementia | early.onset | alzheimer'?s? | parkinson'?s? | pd
ms | mnd | als | huntington'?s? | schizo\w+ | bipolar | psychosis | psychotic | anorexia | bulimia | ocd | adhd
autis\w+ | asd | dyspraxi\w+ | dcd | cerebral palsy | cp | spina bifida | down'?s | epilep\w+ | tbi | abi | sci
head injury | brain injury | spinal injur\w+ | amput\w+ | bka | aka | #?nof
(?:hip|wrist|pelvic|femur|neck) fracture | fractured \w+ | broken (?:hip|wrist|arm|neck) | thr | tkr
hip replacement | copd | heart failure | cancer | tumou?r | glioma | leuk\w+ | lymphoma | myeloma | chemo\w*
palliative | end of life | burns? | sepsis | covid | long covid | chronic fatigue | fibro\w* | me/cfs | h?eds | pots
arthritis | ra | lupus | osteo\w+ | scoliosis | gbs | guillain\W?barr\w+ | psp | msa | cjd | dmd | sma | duchenne
muscular dystrophy | cystic fibrosis | locked\W?in
\w+(?:plegi[ac]|pare(?:sis|tic)|itis|osis|oma|emia|aemia|opathy|trophy|phasia|praxia) | neglect | fasd | cptsd
ptsd | psychosis | eating disorder | hypoxic\W?\w* | spasticity | dyskinesia | neuropathy | gangrene | osteo\w*
syndrome | disease | disorder | dystonia | overdose | suicid\w+ | self\W?harm\w* | depress\w+ | delirium | frailty
frail | palsy | hernia | hemi | stump | c[3-7]\b | t\d{1,2}\b(?! and) | l[1-5]\b | blind | deaf
learning disabilit\w+ | \bld\b | c[3-7](?:/[4-8])? (?:injury|complete|incomplete|tetra)
t\d{1,2} (?:injury|complete|incomplete|para) | incontinen\w+ | pressure (?:sore|ulcer)s? | contractures?
transplant | sectioned | section [23]\b | postnatal | miscarriage | addict\w+ | alcoholi\w+ | hoard\w+
"""
_EQUIPMENT = r"""
frame | zimmer | rollator | commode | hoist\w* | sling | slide ?sheet | riser recliner | recliner | perching stool
toilet seat | bath ?board | bath lift | rails? | grab rails? | stairlift | stair lift | wheelchair | powerchair
walking stick | crutch\w* | splints? | orthosis | prosthe\w+ | pendant | key ?safe | hospital bed | profiling bed
mattress | ramp | wet room | adaptations? | equipment | catheter | peg | dosette | hearing aids? | glasses
ot kitchen | meds | medication | insulin | depot | lithium
"""
_CARE = r"""
ward | bed | bay | side room | bed ?space | icu | itu | hdu | a&e | camhs | cmht | crisis team | admitted
admission | readmi\w+ | discharg\w+ | referr\w+ | re-?abl\w+ | rehab\w* | caseload | home visit | access visit
care home | nursing home | respite | placement | package | poc | carers? | district nurse | dols | best interests?
mca | capacity | section | mdt | ward round | handover | assess\w* | reassess\w* | intervention | treatment
therapy | splint\w* | seating | transfer\w* | mobili[sz]\w+ | weight\W?bearing | nwb | fwb | assist\w* of | ao[12]
washing | dressing | toilet\w* | wash and dress | personal care | feeding | swallow\w*
kitchen (?:assessment|practice) | make a cup of tea | fell | falls? | fallen | wander\w* | confus\w+ | refus\w+
declin\w+ | non\W?complian\w+ | agitat\w+ | aggressive | bedbound | housebound | bereave\w* | widow\w* | passed away
died | dying | funeral | post\W?op | day \d+ | surgery | operation | scan | mri | ct | blood pressure | stairs
bath | shower | walks? with | pain | seen today | saw today | treated | session with me | patient | client | pt
service user | resident | tenant | inpatient | outpatient | with us | under us | on our books | on my list | dnacpr
next of kin | treat\w* | hydro\w* | pool | theraputty | plinth | gym | hx | dx | d/c\w* | dc'?d | obs | cabg | cath
trachy? | trache\w* | cannula | ng tube | tube fed | peg fed | coded | eval | evals | uti | cva | mi | pe | dvt
nof | eol | eob | sob | aki | cast | plaster | pot | physio plan | sats | sensory (?:group|room|circuit|needs|diet)
feeding | foster\w* | adopt\w* | looked after | key worker | social worker | brokerage | care act | sheltered
sensory profile | pottery | at the weekend | back inside | teeth | dentures | gas on | extra care | supported living
nok | safeguarding | ehcp | school visit | sensory diet | handwriting | pip | dla | radiotherapy | mening\w+
mh team | package | ortho | afos? | picu | on the floor | new referral | playdough | wobble | stoma | dialysis
relaps\w+ | gait | physio | crutches | prosthetist | orthotist
"""
CARE = any_of(f"{_EQUIPMENT}{_CARE}{_CONDITIONS}")
"""Anything that is said of patients."""

_ANIMAL = (
    r"(?:cat|dog|rabbit|hamster|parrot|tortoise|pony|horse|hen|goldfish|spaniel|whippet|greyhound|labrador|terrier|collie"
    r"|poodle|budgie|ferret|guinea pig|donkey|llama|alpaca)"
)
_SERIES = (
    r"(?:casualty|holby(?: city)?|corrie|coronation street|eastenders|emmerdale|neighbours|home and away|fair city"
    r"|hollyoaks|the archers|call the midwife|downton(?: abbey)?|grey's anatomy|shortland street|the pitt)"
)
NO_PATIENT = any_of(rf"""
vignette | case stud(?:y|ies) | pseudonym | fiction\w* | made[- ]up | imaginary | scenario | osce | simulat\w+
role ?play\w* | played by | not (?:his|her|their) real name | name(?:s)? (?:has been |have been )?changed | textbook
the film | movie | novel | on telly | tv series | the soaps? | sitcom | keynote | author of | lecture\w* | the book
memoir | biograph\w+ | podcast | pretend | mock | example (?:patient|client) | anonymi[sz]ed | blue plaque
born in 1[89] | sim(?:ulated|ulation)? (?:patient|ward|man|lady)s? | persona | exam (?:case|station) | case example
test patients? | demo (?:ward|patient|system) | training (?:system|environment) | dummy (?:patient|record|data)
placeholder names? | imagine (?:an?|that) | nobody i know | all (?:the )?names | let's call (?:him|her|them)
fake (?:patient|client|name)s? | test system | we invented | i invented | invented (?:patient|client|case|name)s?
i made (?:him|her|them) up | (?:he|she|it)(?:'s| is| was) (?:an?|my|our|the) (?:[\w-]+ ){{0,2}}{_ANIMAL}
(?:therapy|guide|assistance|pat|my|our|rescue) {_ANIMAL} (?=[\w'-]{{2,15}}(?:,|\.| is| was| has| turn| retire))
^\W*(?:my|our|rescue) (?:[\w-]+ )?{_ANIMAL} | (?:watch(?:ed|ing)?|seen|see|on|in|of) {_SERIES}
(?:this|last|the) (?:week's|night's) episode | spoilers?\W | bbc drama | itv drama | fairy ?tales? | nursery rhyme
on (?:my|the|our|your) (?:\w+ ){{0,3}}reading list
(?:in|since|of|from|until|by|circa|around|c\.?)\W{{1,2}}(?:1[0-8]\d\d|19[0-2]\d)(?!\w|[ -]\d)
1[0-8]\d\d[-\u2013]\d\d\d\d
manikin | mannequin | not real | hypothetical\w* | in (?:my|the|our|an|your) (?:viva|osce|exams?|finals) | viva
{KNOWN_TO_ALL}
""")
"""That a person is invented, famous or an example, or an animal."""

INVENTED = any_of(r"""
fictional | (?:we|i) (?:invented|made up) | made[- ]up | joe bloggs | jane doe | john doe | mickey mouse
(?:test|dummy|fake|mock|pretend|invented|imaginary) (?:patient|client|case|record|data|referral|person)s?
""")
"""That somebody says plainly that a number, a date or an address is nobody's."""

_STAFF = r"""
teacher | headteacher | mp | minister | secretary | president | chair(?:man|woman|person)? | judge | senator
surgeon | consultant | registrar | professor | lecturer | tutor | supervisor | manager | boss | colleague | director
trustee | commissioner | ceo | author | founder | editor | speaker | psychiatrist | physio | nurse | sister on
matron | ot | ots | student | educator | volunteer | porter | receptionist | landlord | hosting | co-?host
moderat\w+ | presenting | presented | talk | keynote | webinar | thanks | thank you | congrat\w* | welcome
shout ?out | well done
"""
STAFF = alternatives(_STAFF)
INTRODUCED = re.compile(
    rf"(?:,? and (?:mrs?|ms|miss|dr)\.? [\w'-]+)?(?:,| is| was| are|'s)? (?:the|my|our|an?|your|their)"
    rf" (?:[\w-]+ ){{0,4}}?(?:{STAFF}|pharmacist|course lead(?:er)?|ward clerk"
    r"|chaplain|librarian|dietitian|fellow|geriatrician|band \d|therapist|anaesthetist|neurologist)s?\b(?!')"
)
"""What follows a colleague's name: "Mr Osei, our new spinal surgeon"."""
STAFF_WORD = re.compile(rf"\b{STAFF}\b")
"""A colleague, a speaker or an official."""

PERSON = any_of(r"he | she | his | her | him | hers | himself | herself | he's | she's | hes | shes")
"""A word for one person."""

INTRO = re.compile(
    r"^\W*(?:(?:hi|hello|hey|evening|good evening|morning|hiya|kia ora|g'day|shwmae)\b|(?:\w+ ){1,3}here\b)|\bhere[,.!]"
    r"|\b(?:joining|checking in|lurking|tuning in|logging on|newly qualified|first otalk|my first)\b"
)
"""That the author introduces themselves, in lower case."""
