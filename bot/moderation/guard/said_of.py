"""What is said of people in care, and of others, next to their names. Pure data: parts of patterns in lower case."""

from __future__ import annotations

from bot.moderation.guard.clinic import STAFF
from bot.moderation.guard.phrases import alternatives, any_of

KIN = alternatives(r"""
(?:foster |step)?(?:daughter|son|wife|husband|mum|mam|mom|mother|dad|father|carers?|sister|brother|family|parents?)
partner | nan | gran | grandma | grandson | niece | nephew | hubby | keyworker | support worker | dog | cat
""")
THEIRS = alternatives(r"""
bruises? | splints? | wounds? | wheelchair | powerchair | chair | legs? | arms? | hands? | hips? | knees? | stroke
first steps | steps | ehcp | iep | a1c | obs | weight | bp | inr | delirium | dementia | mnd | ms | parkinson'?s
depression | anxiety | mobility | discharge | bed | bedroom | house | flat | kitchen | bathroom | hoist | seating
frame | prosthe\w+ | bloods | scan | notes | meds | behaviour | seizures? | diagnosis | falls? | funeral | catheter
cath | peg | trache\w* | memory | speech | swallow | feeding | tremor | pain | rehab | goals? | care package
package | placement | transfer\w* | EHCP | IEP | A1c | BP | INR | MND | MS | COPD | PEG | UTI
""")
"""What belongs to somebody in care: "Leroy's first steps"."""

_WAS = r"(?:was|is|got|been|gets|being|has been|has just been|just got) (?:finally )?"
_HAD = r"ha[sd] (?:a |an |another |her |his |had a |had another )?"
_NOT = r"(?:can't|cannot|cant|couldn't|won't|wont|doesn't|wouldn't) (?:\w+ )?"
DOES = alternatives(rf"""
{_WAS}(?:discharged|admitted|readmitted|sectioned|diagnosed|transferred|hoisted|catheteri[sz]ed|tube fed|peg fed)
{_WAS}(?:bedbound|housebound|non ?verbal|nil by mouth|nbm|end of life|palliative)
{_WAS}(?:in respite|on the ward|in hospital|back in)
{_WAS}(?:nwb|medically fit|incontinent|self harming|refusing|struggling|safe to)
{_HAD}(?:stroke|fall|seizure|fit|infarct|bleed|dementia|delirium|uti|cva|tia|overdose|amputation)
{_HAD}(?:pressure (?:sore|ulcer)) | {_HAD}(?:mnd|ms|cp|asd|autism|adhd|parkinson'?s|cancer|sepsis)
(?:fell|fallen) (?:again|out|down|over|last|on|in|off|twice|at)
refus\w+ (?:her|his|to|point|all|the|therapy|care|meds|every) | declin\w+ (?:her|his|to|all|the|therapy)
(?:pulled|took|ripped|yanked) (?:his|her|out)
(?:needs|needing) (?:a |the |two |2 |1 |new |hoist|assist|feeding|help (?:with|to)) | transfers? (?:with|from|to|by)
mobili[sz]\w+ | {_NOT}(?:dress|wash|walk|stand|sit|transfer|feed|swallow|hold|use (?:his|her)|wear|eat|sleep|button)
{_NOT}(?:get (?:up|out|in)|weight|manage|remember|see|speak|tolerate|leave)
(?:dressed|washed|fed) (?:herself|himself) | walked (?:to|with|for|her|his) | managed (?:the|her|his)
(?:bit|hit|punched|kicked|scratched|spat at) (?:me|a|the|another) | died | passed (?:away|on) | went home
goes home | going home | came home | coded | relapsed | wandered | overdosed | tried to
left (?:her|his|the) gas on | (?:tied|buttoned|held) (?:his|her) | copped | swore at | cried
lives (?:alone|with|in|at|on|by|near|opposite) | ran away | absconded
""")
"""What somebody in care does, or what happens to them."""

HAPPENED = any_of(r"""
(?:off|on|from|in) (?:\w+ )?(?:ward|bed|bay|room) | (?:bed|bay|ward|room|rm) ?\d+\w? | (?:y|yr|year|p|grade) ?\d
\d(?:nd|rd|th|st) grade\w*
(?:gone|went|going|come|came|back|discharged|admitted|home) (?:home|off|to|from|in|last|today|on)
(?:refus|declin)\w+ | can'?t | won'?t | fell | overdose | (?:\dth|another|last) fall | iep | ehcp
my (?:wee |new |little )?(?:patient|client|pupil|pt|lady|gent|chap)
\w+'s (?:\w+ )?(?:mnd|ms|dementia|stroke|memory|cancer|mobility|pain|seizures|wheelchair|splints?|hoist|chair|meds)
""")
"""Something that happens to people in care, wherever it stands."""

PERSON = any_of(r"he | she | his | her | him | hers | himself | herself | he's | she's | hes | shes")

FAMED = any_of(r"""
awareness | (?:did|done) more | strictly | film | novel | book | chapter | framework | model | theory | wrote
writes | author\w* | published | paper | journal | podcast | documentary | on (?:the )?(?:late late|telly|tv)
celebrity | actor | actress | famous | legend of | invented | founded | founder | history | war | 18\d\d | 19[0-6]\d
museum | statue | plaque | god rest | prince | princess | president | prime minister | did stats | scholar | et al
award | lecture | memorial | explainer | reading to
""")
"""That people are talked about because they are famous."""

_OURS = alternatives(r"""
mum | mam | mom | dad | nan | gran | granny | grandad | son | daughter | kid | husband | hubby | wife | partner
brother | sister | uncle | aunt | cousin | friend | mate | neighbour | colleague | manager | boss | supervisor
mentor | educator | lecturer | tutor | consultant | physio | team ?mate | band \d | ota? | tech | assistant | dog
cat | horse | puppy | porter | student | professor
""")
_GREETED = alternatives(r"""
thanks | thank you | thanks to | cheers | hi | hello | hey | dear | love you | happy birthday | welcome | congrat\w*
shout ?out to | well done | agree with | yes | no | oh
""")
OTHERS_BEFORE = (
    rf"(?:\b(?:my|our) (?:\w+ ){{0,2}}{_OURS}(?:'s)?,? |@"
    r"|\b(?:prof|professor|dr|sir|dame|lord|lady|sister|nurse|matron) "
    rf"|\b{_GREETED} |\b{STAFF}(?:'s)?,? (?:(?:was |is )?(?:called |named )|mr |mrs |ms |dr )?)$"
)
"""Words right before the name of a relative, a colleague, or somebody who is greeted."""

OTHERS_BEHIND = (
    r"(?:'s)?(?: [a-z]+)?,? (?:(?:is|was|from|at|on|in|and|who is|as|-) |\()?(?:our |the |my |an? |a great |lead )?"
    rf"(?:[\w-]+ )?\b{STAFF}\b"
)
"""Words right behind the name of a colleague."""
