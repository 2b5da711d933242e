"""What people are known for where they live: an office, a sport, their work. Pure data, on text in lower case."""

from __future__ import annotations

from bot.moderation.guard.phrases import any_of

PUBLIC = any_of(r"""
head ?teacher | (?:the|is|a) head (?:at|of|teacher) | deputy head | headmaster | headmistress | the principal
head girl | head boy | vicar | priest | rector | curate | nun | monk | friar | rabbi | imam
(?:our|the|a|ex|methodist) minister | pastor | bishop | deacon | archdeacon | chaplain | churchwarden | organist
verger | sacristan | mayor | mayoress | councillor | cllr | mp | mps | tds? | msp | mla | senator | sheriff
(?:a|the|retired|ex) judge | magistrate | coroner | chief constable | fire chief | chief of \w+ | the chief
police chief | harbour ?master | lighthouse keeper | postmaster | postmistress | postie
lollipop (?:man|lady|woman) | crossing guard | dinner lady | caretaker (?:at|of) | town crier | carnival queen
scout leader | brown owl | football coach | team captain | ex captain | captain | goalkeeper | in goal for
striker for | quarterback | jockey | umpire | referee | kaumatua | kaum\u0101tua | kuia | koro
(?:an?|the|tribal|church) elder | matriarch | laird | lord | lady of the manor | baroness | duke | publican
landlord of | landlady of | undertaker | gravedigger | gamekeeper | coxswain | lifeboat \w+ | bell ?ringer
newsreader | weather (?:man|girl|presenter) | presenter | soap star | footballer | hurlers? | all blacks?
wallab(?:y|ies) | astronaut | mountaineer | valedictorian | prefect | kept goal | keeps goal | captain(?:s|ed)
rides? for | play(?:s|ed) (?:for|in goal|the organ) | reads? the news | does the weather | opens the \w+ | rings the
swims for | sings (?:in|with|for) | sat on the council | stood for (?:council|parliament) | umpired | reffed
refereed | swam the channel
owns the (?:pub|shop|chippy|garage|feed store|only|hotel|bakery|farm shop|local|chemist)
runs the (?:pub|shop|chippy|garage|only|hotel|bakery)
runs the (?:post office|local|chemist|caf\u00e9|cafe|bookies|corner shop|tim's)
runs the (?:servo|store|school|scouts|brownies|market|b&b|campsite)
runs the (?:food ?bank|choir|library|bar|salon|barbers?|feed store|club)
works (?:the|in the|at the|behind the) (?:tills?|counter|bar|chippy|co-?op|post office|library)
works (?:the|in the|at the|behind the) (?:school|butchers?|bakery|garage|checkout|gate|ferry)
drives (?:the|our) (?:\w+ ){0,3}(?:bus|taxi|van|train|ferry|tram|mobile library|ice cream van|bin lorry|minibus)
taught (?:half the|at) | sells? (?:\w+ )?(?:poppies|papers|the big issue|flowers|fish|eggs)
does the (?:christmas|flowers|lights|teas|door|bins)
""")
"""An office, a place in a team, or work in everybody's sight."""

WORK = any_of(r"""
teacher | lecturer | professor | solicitor | barrister | gp | doctor | dentist | vet | midwife | surgeon | nurse
consultant | paramedic | fire ?fighter | fireman | policeman | policewoman | police officer | pc | detective
constable | garda | guard | soldier | sergeant | corporal | major | colonel | commando | marine | pilot
helicopter pilot | sailor | skipper | farmer | dairy farmer | rancher | baker | butcher | grocer | barman | barmaid
librarian | newsagent | cricketer | boxer | gymnast | swimmer | cyclist | rower | sprinter | wrestler | golfer
skater | dancer | ballerina | actor | actress | singer | drummer | guitarist | rapper | dj | musician | composer
poet | novelist | sculptor | potter | thatcher | miner | chef | journalist | comedian | magician | clown | lifeguard
coastguard | shepherd | champion | coach | olympian | veteran | scientist | inventor | explorer | florist
hairdresser | barber | shop owner | pharmacist | night porter | checkout girl | cashier | docker | cabinet maker
carpenter | roofer | plumber | trapper | prisoner | inmate | lifer
\w{3,}(?:fisherman|stockman|dairyman|tradesman|keeper|monger|smith|maker|driver|worker) | stockman | dairyman
fisherman | trawlerman | milkman | mailman | lumberjack | physios | one of the \w+ here | band \d | ward sister
sister | matron | porter | receptionist | ex-\w+ | retired \w+
""")
"""Work by which somebody may be known."""

FAMOUS = any_of(r"""
(?:soap|pop|rock|film|tv|movie|reality|\d0s \w+) star | tv presenter | premier league | olympi(?:an|c)
paralympi(?:an|c) | ex[- ](?:england|ireland|wales|scotland|international) | world champion | medallist | celebrity
influencer | youtuber | x factor | bake off | grand national | lottery winner | used to be on | was on tv
(?:england|ireland|gb|county|national) (?:juniors?|player|captain|squad|team|international|gymnast|swimmer|champion)
for (?:england|ireland|wales|scotland|gb|the county) | the gb | first minister | lord mayor | chart topper
one hit wonder | all blacks?
""")
"""A role that few people in a country have."""
