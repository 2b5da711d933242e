"""The clues by which neighbours recognise somebody, as patterns on text in lower case. Pure data.

Each is one clue; `stories` weighs them. Roles are in `roles`, places in `places`.
"""

from __future__ import annotations

import re

from bot.moderation.guard.phrases import any_of

DEFINITE = any_of(r"""
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:man|woman|lady) (?:who|that|what)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:man|woman|lady) (?:from|outside|behind|in the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:gentleman|gent|chap|bloke) (?:who|that|what)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:gentleman|gent|chap|bloke) (?:from|outside|behind|in the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:guy|fella|lad|lass|boy|girl|kid) (?:who|that|what)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:guy|fella|lad) (?:from|outside|behind|in the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:lass|boy|girl|kid) (?:from|outside|behind|in the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:man|woman|lady) (?:at the|on the|over the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:gentleman|gent|chap|bloke) (?:at the|on the|over the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:man|woman|lady) (?:with the|whose|near|off)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:gentleman|gent|chap|bloke) (?:with the|whose|near|off)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:guy|fella|lad) (?:at the|on the|over the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:lass|boy|girl|kid) (?:at the|on the|over the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:guy|fella|lad) (?:with the|whose|near|off)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:lass|boy|girl|kid) (?:with the|whose|near|off)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:child|baby|toddler) (?:who|that|what)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:child|baby|toddler) (?:from|outside|behind|in the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:couple|family|one|driver) (?:who|that|what)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:couple|family|one|driver) (?:from|outside|behind|in the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:child|baby|toddler) (?:at the|on the|over the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:couple|family|one|driver) (?:at the|on the|over the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:child|baby|toddler) (?:with the|whose|near|off)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:couple|family|one|driver) (?:with the|whose|near|off)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:victim|survivor|person|twins?) (?:who|that|what)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:victim|survivor) (?:from|outside|behind|in the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:person|twins?) (?:from|outside|behind|in the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:brothers|sisters|owner|fellow) (?:who|that|what)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:brothers|sisters) (?:from|outside|behind|in the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:owner|fellow) (?:from|outside|behind|in the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:victim|survivor|person|twins?) (?:at the|on the|over the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:victim|survivor) (?:with the|whose|near|off)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:person|twins?) (?:with the|whose|near|off)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:brothers|sisters|owner|fellow) (?:at the|on the|over the)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:brothers|sisters) (?:with the|whose|near|off)
(?:(?:the|that|our|this|a|one|poor) (?:[\w'-]+ ){0,3}?)?(?:owner|fellow) (?:with the|whose|near|off)
our (?:old|own|former|ex) (?:[\w-]+ ){1,3}is (?:now|here|on) | one of our own | one of us
one of the (?:\w+ ){0,2}(?:lads|boys|girls|men|women|players|teachers|kids|nurses|physios|brothers)
one of the (?:\w+ ){0,2}(?:sisters|twins|nuns|priests|consultants|drivers)
one of the (?:\w+ ){0,2}(?:survivors|victims|ones|doctors|porters|all blacks)
(?:you|u|ye|yous) (?:all |would |might |will |'ll |may |probably )*(?:know|have seen|remember|heard|read)
you'll (?:all )?(?:know|have|remember) | remember the \w+ | guess (?:who|which|whose) | clue: | clue
let'?s just say | won'?t (?:say|name) | (?:everyone|everybody) (?:\w+ )?(?:calls|knows|is|are|know|talking|asking)
(?:whole (?:town|village|school|street)) (?:\w+ )?(?:calls|knows|is|are|know|talking|asking)
(?:half the \w+|all the \w+ in (?:town|the village)) (?:\w+ )?(?:calls|knows|is|are|know|talking|asking)
""")
"""A description that points at somebody whom others are meant to know."""

EVENT = any_of(r"""
crash(?:ed)? | collapsed? (?:at|on|in|during|outside)
(?:quarry|mine|building|roof|scaffold\w*|bridge|stand) collapse | house fire | scored the | county final
they found | bonfire night | jumped (?:from|off) | reservoir | slurry
found in the (?:river|canal|sea|woods|lake|loch|harbour|car|garage) | fire | arson | explosion | blast | bomb\w*
shooting | shot | stabb\w+ | murder\w* | heist | robbery | flood(?:s|ed)? | avalanche | rescued | drown\w*
fell (?:off|from|through|down) (?:the|a|an|his|her) | came off (?:his|her|the|a) | pulled (?:out|from) | hit by
run over | struck by | lightning | went missing | missing (?:person|since|for) | found (?:on|by|dead|him|her)
inquest | funeral | in court | jailed | convicted | got (?:\w+ )?years | evidence | baler | auger
combine harvester | quad bike | tractor | quarry | shipwreck | ferry | lifeboat | air ambulance | helicopter rescue
hit and run | went viral | viral | gofundme | minibus | pile.?up | derail\w+ | (?:off|from) the pier | canal
trapper | frostbite | shark | crocodile | won (?:the|gold|a medal|bronze|silver) | gold medal
(?<!postcode )lottery | hunger strike | victim | survivor | disaster | hostage | kidnap\w* | trafficked | asylum
refugee boat | sniper | explosion | landmine | ied | world record | on trial | lifer | killed
the other (?:two|three|four|driver|\d) died | bigam\w+
""")
"""Something that happened in public."""

NEWS = any_of(r"""
(?:on|in|saw|see|seen) (?:the )?(?:local |national |evening |six o'clock )?(?:news|papers?|press|headlines)
(?:on|in|saw|see|seen) (?:the )?(?:local |national |evening |six o'clock )?(?:telly|tv|television|radio)
(?:all over|made|reads?) (?:the )?(?:local |national |evening |six o'clock )?(?:news|papers?|press|headlines)
(?:from|abt|about) (?:the )?(?:local |national |evening |six o'clock )?(?:news|papers?|press|headlines)
(?:all over|made|reads?) (?:the )?(?:local |national |evening |six o'clock )?(?:telly|tv|television|radio)
(?:from|abt|about) (?:the )?(?:local |national |evening |six o'clock )?(?:telly|tv|television|radio)
(?:on|in|from) (?:the )?(?:echo|gazette|herald|chronicle|argus|mercury|courier)
(?:on|in|from) (?:the )?(?:advertiser|evening post|examiner|observer|sentinel|daily mail|front page)
on (?:bbc|itv|rte|abc|cbc|crimewatch|love island|breakfast tv|insta|instagram|tiktok|facebook|youtube)
used to be on | was on (?:the |bbc |itv |x |britain|strictly|bake|big) | famous | celebrity | celeb | household name
well.known | documentary | does the weather | tweets as | posts as | on insta as | on insta | my patient is @\w+
emmerdale | corrie | eastenders | hollyoaks | neighbours
""")
"""That the news, the papers or a screen showed somebody."""

ONLY = any_of(r"""
one and only | there'?s (?:only )?one [\w-]+ (?:family|man|woman|boy|girl|couple|kid|patient) in
only (?:[\w-]+ )(?:lad|lass|boy|girl|man|woman|family|couple|kid|child|person|player) (?:in|on|at) | the only
our only | town's only | only (?:set|pair|one|person|man|woman|boy|girl|child|kid|baby)
only (?:family|patient|client|pt|lady|female) | only (?:male|case|survivor) | only (?:known)
only (?:adult|\w+ in (?:the )?(?:county|country|world|village|town|island|uk|ireland|scotland|wales|state|province))
first (?:person|man|woman|boy|girl|child|baby|case) (?:in|to|with|from|ever) | sole survivor
(?:youngest|oldest|tallest|last surviving|last native) (?:\w+ )?(?:in|person|man|woman|patient)
(?:youngest|oldest|tallest|last surviving|last native) (?:\w+ )?(?:resident|speaker|player|pupil|survivor) | twins?
triplets? | quadruplets? | quads | conjoined
(?:there's|theres|there are|there is) only (?:\d|one|two|three|a handful|a few)
(?:two|three|four|five|2|3|4) (?:\w+ )?(?:brothers|sisters|boys|girls|siblings|kids) (?:\w+ ){0,4}?(?:all|both|with)
one of (?:only )?(?:two|three|four|five|2|3|4|5|a handful) (?:\w+ ){0,2}in
""")
"""That there is nobody else like that."""

ONLY_THING = any_of(r"""
(?:only|first|last|youngest|oldest) (?:\w+ )?(?:thing|way|ots?|reason|one who)
(?:only|first|last|youngest|oldest) (?:\w+ )?(?:question|problem|answer|time|service|team)
(?:only|first|last|youngest|oldest) (?:\w+ )?(?:outcome|measure|constant|difference|option)
(?:only|first|last|youngest|oldest) (?:\w+ )?(?:bit|part|band|therapist|ahp)
(?:only|first|last|youngest|oldest) (?:\w+ )?(?:goal|rule|feedback|chat|student|group|person who thinks|one here)
""")
"""That something is the only one, not somebody."""

FAMILY = any_of(r"""
(?:\w+'s|pts) (?:\w+ )?(?:mum|mam|mom|dad|mother|father|wife|husband|son|daughter)
(?:\w+'s|pts) (?:\w+ )?(?:brother|sister|twin|partner|hubby|nan|gran|grandad|widow|family|brother.in.law)
(?:wife|widow|widower|husband|son|daughter|sister) of (?!the patient|my|our|a)
(?:brother|mother|father|mum|dad|niece|nephew) of (?!the patient|my|our|a)
""")
"""A relative of somebody whom others may know."""

LOCAL = any_of(r"""
(?:our|the|this|my|whole|that|same) (?:small |little |wee |same |next )?(?:village|town|island)
(?:our|the|this|my|whole|that|same) (?:small |little |wee |same |next )?(?:parish|county|estate|valley)
(?:our|the|this|my|whole|that|same) (?:small |little |wee |same |next )?(?:glen|hamlet|townland|school run)
(?:our|the|this|my|whole|that|same) (?:small |little |wee |same |next )?(?:convent|church hall|church|pub)
(?:our|the|this|my|whole|that|same) (?:small |little |wee |same |next )?(?:chippy|post office)
(?:our|the|this|my|whole|that|same) (?:small |little |wee |same |next )?(?:high street|corner shop)
(?:our|the|this|my|whole|that|same) (?:small |little |wee |same |next )?(?:co-?op|local|square|harbour)
(?:our|the|this|my|whole|that|same) (?:small |little |wee |same |next )?(?:pier|reservation|rez|station)
(?:our|the|this|my|whole|that|same) (?:small |little |wee |same |next )?(?:marae|pa|servo|milk bar) | small town
town's | village's | our local | outside our \w+ | in town | on the island | i live there | my kids go there
beside us | next door to \w+ | round the corner | everybody knows | born in | our road | our street
over the (?:bookies|shop|chippy|pub|bakery|road) | by the (?:bridge|harbour|church|station|school)
in this (?:town|village|place) | of our own | here (?:has|is|just)
""")
"""A place that is narrow for those who live there, without its name."""

WHEN = any_of(r"""
(?:last|this|on) (?:week|month|year|night|monday|tuesday|wednesday)
(?:last|this|on) (?:thursday|friday|saturday|sunday|summer|winter|christmas|bank holiday) | in (?:19|20)\d\d
yesterday | at christmas | on (?:mon|tues|wed|thurs|fri|sat|sun) | the '?\d\ds? team
""")
"""A time at which something happened."""

_SHOWN = r"(?:see|shows?|showing|visible|in shot|read|spot|clear\w*)"
PHOTO = re.compile(
    r"\b(?:pics?|photos?|picture|video|vid|screenshot|selfie|image|clip)\b.{0,60}\b"
    rf"(?:{_SHOWN}\b.{{0,25}}\b(?:face|name|address|wristband|label|number|tattoo|uniform|badge|whiteboard|door|notes|banner"
    r"|letter)|(?:his|her|their) (?:face|name|wristband|tattoo)|is the one (?:in|at|on|with))\b"
)
"""A picture in which somebody can be recognised."""

AGE = re.compile(
    r"(?<![\d.,/£$-])(?P<years>\d{1,3})(?:[ -]?(?:years?|yrs?|mths?|months?)[ -]?(?:old|of age)\b|[ -]?yr?s?\b"
    r"|\s?y/?\.?o\b|[mf]\b)|\b(?:aged?|turn(?:s|ed)) (?P<age>\d{1,3})\b"
    r"|\b(?:lady|man|woman|gent|gentleman|boy|girl|chap|lad) of (?P<of>\d{1,3})\b|\bonly (?P<only>\d\d)\b"
    r"|\b(?:yr|year|grade|p|y) ?(?P<form>\d{1,2})\b|, (?P<comma>\d\d)(?=[,.])|^(?P<first>\d\d), "
    r"|\b(?:he|she)(?:'s| is|s| was) (?P<is>\d{1,3})\b|\b(?:male|female|m|f|man|woman),? (?P<sex>\d\d)\b"
    r"|\bis (?P<said>1\d\d) (?:and|today)"
)
"""The age of a person, or the year at school."""

SHOWN = re.compile(
    r"(?<=[\w,] )@\w{3,}\b.{0,30}\b(?:my|our) (?:patient|client|pt)\b"
    r"|\b(?:my|our) (?:patient|client|pt)\b.{0,25}@\w{3,}"
)
"""A handle of a patient. Those at the beginning are of people who are answered."""
