"""First names, as the Faker library ships them for English-speaking countries. Pure data.

They only tell a name from another word where a capital doesn't: at the beginning of a sentence, and from people who
write without capitals. A name by itself says nothing about patients, and one that is missing here still counts where
the sentence makes it a name.
"""

from __future__ import annotations

from collections.abc import Iterator

from faker.providers.person import en, en_IE, en_IN, en_NG, en_NZ, en_PK, ga_IE

_SHORTEST = 3

_WORDS = """
will us said may man long little ever case job less general hope early young guy true else friend york north reason red
major media art west son baby chance price summer america june april august star king park press worth bill green page
james's china add french january council march river rock peace brown miles link justice author german judge lady
sister brain cash spring sunday rich doctor gay captain carry male smith texas winter christian queen royal sad hill
silver stone christ van wood lucky boss florida roll unique mad tea victory prince sky governor forest banks era golden
grant lawyer asia journey urban ah bird minor orange tiny virginia wing bell branch heaven rice sing marine princess
unknown pink cap fed ford junior rush harm wash angel charity duke gray jeff mac math rome chase diamond comfort saint
buddy columbia crystal dean marry bishop hence hunter ward doc fate chelsea liberty fleet foster precious del eve clay
sole con isis oral ted alpha brooklyn mercy wells burns noble baker canal parker mills pleasant hung nail phoenix skip
loyal patience villa destiny raid trace turner cherry earl metro jake treasure shade sunshine harsh mason pepper rod
vincent haven miracle ridge delta easter ham ace harmony ally cam cliff lemon bee bud butler fairy reed bailey blessing
doll elder sunny dot sierra columbus echo harper hart essence kelly angela arch cannon gauge palmer buck cal tan
admiral bush chin dock infant porter wade berry handy dale kitty tab grove troy lance ginger cane bay pierce champ
victoria homer tory trinity abbey baron karma marsh marshal beverly hardy coral ivory levy dee mat milton nash sincere
vic wendy's merry sage eden pier woody archer melody venus atlas belle raven bliss jade flint herb velvet webb iris's
gardener heath gale sky skye storm summer autumn dusty dove harley christie cinnamon corey creed flora moody bali blaze
mart sol thor willow jewel piper ransom bart dell swan ring mid art ash day dot tel ty may sage piper rusty buddy
cherish love honor honour home house key hill west east lake field hall note ward chase major page bond star stag best
dear fish land small sharp read reader see sees ran in no so me be he she her him his it its we my you they them are
was can has had did do does kind mind win ned ana ora ola oda ona una ada an abe ike bo cy bristol paris london
melbourne bradford bedford ireland lone viva sim alexa kia jan jones clarke ellis taylor york lincoln chester preston
lancaster boston denver austin sydney adelaide brisbane perth houston dallas orlando milan florence verona geneva
carlisle kent devon essex camden windsor stirling kingston ontario israel india china cuba kenya holland jordan georgia
carolina virginia florida indiana dakota montana nevada arizona alabama tennessee louisiana wilson davis moore jackson
white harris martin thompson robinson lewis walker young allen wright scott nelson mitchell roberts turner phillips
campbell evans edwards collins stewart morris rogers cook morgan cooper richardson cox howard bailey murphy creek ayres
barthel berg allen norton braden piaget maslow freud bobath mosey rood moho copm moca chip clark forum angeles babe
blair colon colonel canyon indie nova meta missouri candy toy cleveland alberta graves genesis earnest manly geo lea
icy almond loot unnamed meadow weaver miner emerald valencia windy ala tad aura crete halle pleas ether pandora stormy
prosper steward maverick glover commodore deacon fern emit butch telly magnolia opal taurus versa birdie misty nana
kali roe corona basil goldie ebony conn lex asa emory theta eta hunt kit lane roman chuck von te marvel warner dev
greene lou berlin washington jesus santa clinton memphis monroe reagan kennedy nixon lincoln victor les lea ira ara ina
imo wong sol sal nat rae mae cas cass cam ama amin avi bali brae rahul's alto ami bunk wally trinidad roma tory teddy
rex regis toto lon moe ide quincy serenity constance felicity verity chastity cadence candice's whit mam nan mum dad
gran sid's tai kay so'n
"""
_NOT_NAMES = frozenset(_WORDS.split())


def _names() -> Iterator[str]:
    for module in (en, en_IE, en_IN, en_NG, en_NZ, en_PK, ga_IE):
        for attribute in dir(module.Provider):
            if attribute.startswith("first_names"):
                yield from getattr(module.Provider, attribute)


_MORE_LIST = """
kev dave steve mick mike tom tim jim bob raj fliss bernie maggie jen kate katie liz beth becky sam ben dan joe
"""
_MORE = frozenset(_MORE_LIST.split())
_SOFT = """
iris ivy hazel heather lily violet pearl daisy ruby pat sue rob jack frank drew grace rose holly olive jay penny robin
gene carter amber joy faith dawn sandy glen bonnie max
"""
EVERYDAY_NAMES = frozenset(_SOFT.split())
"""First names that are everyday words without their capital."""

ALL_NAMES = frozenset(one.lower() for one in _names() if len(one) >= _SHORTEST) | _MORE
"""First names in small letters."""

GIVEN_NAMES = (ALL_NAMES - _NOT_NAMES) | _MORE
"""First names in small letters, without those that are also everyday words."""
