"""Classes of words, by which the guard weighs a message: a bishop and a mayor are both a ROLE. Pure data.

A class says nothing about a message; `weights.tsv` says what a class beside another is worth. The word itself is read
where it is in no class.
"""

from __future__ import annotations

_LISTS = {
    "PRON": """
he she his her him hers himself herself he's she's hes shes he'd she'd he'll she'll
""",
    "PERSON": """
man woman lady gentleman gent chap bloke guy fella fellow lad lass boy girl kid child baby toddler teen teenager kiddo
person couple twin twins triplets family widow widower brothers sisters siblings bridesmaid bride groom driver
passenger survivor victim owner neighbour neighbor granny grandad newborn infant youngster pensioner veteran refugee
migrant traveller bairn bairns youth oap oldie grandmother grandfather godfather mother-in-law bachelor spinster
newlywed orphan fiancée fiancé mate buddy individual human soul bugger legend hero darling triplet quadruplets quads
octogenarian nonagenarian centenarian villager islander local tenant housemate lodger squatter
""",
    "PATIENT": """
patient client pt resident referral inpatient outpatient amputee admission caseload user px patient's client's pt's
resident's
""",
    "PATIENTS": """
patients clients pts residents people folks kids children adults women men families carers students staff everyone
anyone someone nobody teams services groups users parents those many most teenagers colleagues clinicians ots
therapists nurses
""",
    "KIN": """
mum mam mom dad mother father wife husband hubby son daughter brother sister partner nan gran grandma grandson
granddaughter niece nephew uncle aunt auntie cousin fiance fiancee missus mum's dad's wife's husband's son's
daughter's mother's father's brother's sister's
""",
    "CARER": """
carer keyworker guardian social
""",
    "ROLE": """
headteacher headmaster headmistress vicar priest rector curate nun monk friar rabbi imam minister pastor bishop deacon
chaplain churchwarden organist verger mayor mayoress councillor cllr mp senator sheriff judge magistrate coroner
postmaster postmistress postie lollipop caretaker crier captain goalkeeper striker quarterback jockey umpire referee
kaumatua kaumātua kuia koro elder matriarch laird lord baroness duke publican landlord landlady undertaker gravedigger
gamekeeper coxswain newsreader presenter footballer hurler wallaby astronaut mountaineer valedictorian prefect
harbourmaster principal dean canon archdeacon bellringer ringer chief alderman ambassador chancellor provost warden
skipper busker mp's vicar's mayor's priest's minister's headteacher's judge's star celebrity celeb influencer youtuber
olympian paralympian medallist champion winner novelist broadcaster dj weatherman comedian popstar rockstar actor
actress singer author choirmaster scoutmaster beadle sexton cantor chazan sheikh swami guru monsignor abbot abbess
prioress archbishop cardinal premier governor congressman congresswoman assemblyman taoiseach commentator anchor
anchorman anchorwoman comic playwright screenwriter supermodel mascot santa townsman squire clerk chieftain sultan
princess prince duchess countess dame knight peer ringmaster cox wicketkeeper batsman bowler winger fullback halfback
prop hooker lock fly-half midfielder defender camogie ruckman linebacker pitcher goalie paralympic olympic
""",
    "WORK": """
teacher lecturer professor solicitor barrister gp doctor dentist vet midwife surgeon nurse consultant paramedic
firefighter fireman policeman policewoman police detective constable garda guard soldier sergeant corporal major
colonel commando marine pilot sailor farmer rancher baker butcher grocer barman barmaid barista librarian newsagent
cricketer boxer gymnast swimmer cyclist rower sprinter wrestler golfer skater dancer ballerina drummer guitarist
rapper musician composer poet sculptor potter thatcher miner chef journalist magician clown lifeguard coastguard
shepherd coach scientist inventor explorer florist hairdresser barber pharmacist porter cashier docker carpenter
roofer plumber trapper prisoner inmate lifer fisherman stockman dairyman trawlerman milkman mailman lumberjack
accountant electrician waiter waitress cleaner gardener bouncer bookie bookkeeper banker engineer welder builder
plasterer decorator cobbler tailor seamstress weaver photographer cameraman painter violinist pianist cellist
conductor architect lawyer crofter ghillie stalker keeper zookeeper trainer instructor receptionist secretary manager
director ceo boss shopkeeper chippy landowner beekeeper signalman trucker cabbie taxi postman postwoman binman dinner
bus physio psychiatrist psychologist radiographer registrar hca matron dietitian deputy auctioneer bricklayer
childminder chimney clockmaker coachman confectioner crane dairywoman diver doorman drover dustman farmhand farrier
ferryman fishmonger foreman forester glazier goldsmith governess greengrocer handyman housekeeper innkeeper
interpreter janitor jeweller joiner labourer landscaper lorry machinist mechanic merchant minder nanny optician
pathologist pawnbroker physicist printer quarryman ranger reporter saddler seaman shearer shipwright shopgirl
signwriter steward stewardess stonemason surveyor sweep tanner teller tiler translator truckie typist upholsterer
usher valet vintner warehouseman watchmaker whaler winemaker woodcutter zamboni tattooist stylist blogger vlogger
podcaster streamer gamer dealer croupier bellboy au-pair crossing fiddler piper harpist
""",
    "EVENT": """
crash crashed collapse collapsed fire arson explosion blast bomb bombing shooting shot stabbing stabbed murder
murdered heist robbery flood floods avalanche rescued rescue drowned drowning lightning missing inquest funeral court
jailed convicted baler auger combine quad tractor quarry shipwreck ferry lifeboat helicopter viral gofundme minibus
pileup derailed pier canal reservoir frostbite shark crocodile disaster hostage kidnap kidnapped trafficked asylum
sniper landmine ied trial attack attacked accident wreck smash wedding marathon derby final parade carnival festival
riot protest strike earthquake tornado cyclone hurricane landslide bushfire wildfire scandal raid siege eviction
bridge cliff roof jumped fell climbed trapped pulled struck hit scored won winning murderer lottery medal record storm
avalanches blaze capsized capsize carjacking clash collision cover-up derailment electrocuted eruption evacuation
exploded gored gassed hijack hijacking hoax impaled kidnapping landslip lynching manslaughter mauled mauling mudslide
overturned poisoning prosecution ramming ransom rollover sank sinking shipwrecked skydiving stampede standoff sued
suing suspect terror terrorist trampled tragedy tsunami twister vigil walkout hearing sentenced arrested charged
verdict jury pleaded guilty acquitted bailed jackpot trophy marathoner expedition everest channel swim swam parachute
parachuting rally regatta showjumping gymkhana knighted obe mbe cbe honoured statue plaque
""",
    "NEWS": """
news papers paper press headlines headline telly tv television radio echo gazette herald chronicle argus mercury
courier advertiser examiner observer sentinel documentary famous crimewatch facebook insta instagram tiktok youtube
twitter corrie eastenders emmerdale hollyoaks bbc itv rte soap bake strictly
""",
    "LOCAL": """
village town island parish county estate valley glen hamlet townland convent church pub shop co-op coop harbour
reservation rez marae servo street road lane square corner market bakery butchers garage library post office school
primary academy college nursery kindy grammar bookies cottage farm house bungalow flat caravan pub's club gym station
cafe café hotel hall chapel mosque temple synagogue base barracks prison hmp ship rig mill mine pit factory depot yard
dock salon barbershop bowls allotment allotments arcade bandstand beach boatyard bothy brewery campsite car-park
castle cathedral cemetery chemist cinema clubhouse commune colliery council creche croft cul-de-sac dairy deli
distillery diner fairground fete forge fort foundry garden graveyard grange halfway hostel inn jetty kirk launderette
lighthouse manor marina monastery museum newsagents nunnery offy orchard orphanage palace pavilion pharmacy playgroup
playground presbytery priory pumping racecourse ranch refuge restaurant rink sawmill seminary seafront shelter
showground smallholding snooker spar squat stables stadium stall steading sweetshop takeaway tavern tesco terrace
town-hall track tram trailer vicarage vineyard waterworks wharf windmill winery woods workhouse workshop yacht zoo
""",
    "ONLY": """
only youngest oldest tallest last first sole last-surviving unique
""",
    "FACILITY": """
hospital hosp infirmary ward unit bay bed room cubicle icu itu hdu picu mau amu resus clinic hospice home lodge
house's rehab ed a&e theatre
""",
    "COND": """
stroke bleed haemophilia cva tia dementia alzheimer's alzheimers alzheimer parkinson's parkinsons pd ms mnd als
huntington's huntingtons huntington schizophrenia schizophrenic bipolar psychosis psychotic anorexia anorexic bulimia
ocd adhd autism autistic asd dyspraxia cp palsy epilepsy epileptic seizure seizures tbi sci amputation bka aka nof
fracture copd cancer tumour tumor glioma leukaemia lymphoma palliative burns burn sepsis covid arthritis ra lupus
scoliosis gbs psp msa cjd dmd sma duchenne dystrophy fibrosis neglect fasd cptsd ptsd spasticity gangrene syndrome
disease disorder dystonia overdose suicidal suicide self-harm self-harming depression depressed delirium frailty frail
hemi stump blind deaf incontinent contracture transplant sectioned section postnatal miscarriage addict addiction
alcoholic alcoholism hoarding hoarder wernicke's korsakoff's korsakoff batten rett's rett encephalitis narcolepsy mets
metastases anxiety mutism trauma injury injured diagnosed diagnosis relapsed relapse breakdown fits fitting hiv aids
hepatitis eating gout vertigo aphasia apraxia ataxia paralysed paralyzed disinhibited manic mania hypomanic withdrawn
catatonic mute meningitis encephalomyelitis hydrocephalus glioblastoma myasthenia polio spina achondroplasia dwarfism
albinism albino conjoined haemorrhage hemorrhage aneurysm clot embolism infarct infarction angina pacemaker cardiac
diabetes diabetic hypo ketoacidosis colostomy ileostomy colitis cirrhosis liver kidney renal asthma emphysema
pneumonia tb lymphoedema eczema psoriasis scleroderma tetraplegia paraplegia hemiplegia quadriplegia tetraplegic
paraplegic quadriplegic fractured broken concussion comatose coma vegetative amnesia korsakoffs paranoia paranoid
delusions hallucinations voices schizoaffective borderline eupd bpd dissociative catatonia insomnia narcoleptic
tourettes stammer stutter fas cerebral rickets scurvy frostbitten degloving crush crushed burned burnt scalded scald
tinnitus glaucoma cataracts macular stillbirth pregnant pregnancy ivf termination abortion syphilis herpes gonorrhoea
endometriosis prolapse fistula leukemia sarcoma melanoma metastatic terminal hospice-bound chemo radiotherapy
relapsing detox rehabbed drinking drinks sober heroin methadone overdosed opioid ketamine gambling incest abused abuse
raped assaulted bruised bruising pregnant-by
""",
    "CARE": """
frame zimmer rollator commode hoist hoisted sling recliner rails stairlift wheelchair powerchair crutches splint
splints splinted splinting orthosis prosthesis prosthetic pendant mattress ramp catheter cath peg meds medication
insulin lithium admitted readmitted discharge discharged referred visit visited assess assessed assessment reassess
treat treated treating treatment therapy seating transfer transfers washing dressing toileting feeding swallow bath
shower kitchen stairs pain surgery operation op scan died dying passed falls fallen fall wander wandering wanders
confused refused refuses refusing declined declining declines aggressive agitated bedbound housebound mdt dols
capacity safeguarding respite package poc handover trachy trache stoma dialysis cannula drip sats obs nbm tube chair
walks walking session sessions group books list consult desensitisation eval evals tear bruises wound wounds sore leg
legs arm arms hand hands hip knee eye sight speech memory foot feet fingers gait prosthetist orthotist camhs cmht
crisis ehcp iep handcuffed restrained restraint seclusion ligature observations cot cots incubator ventilator
ventilated bipap oxygen o2 feeds thickener thickened puree socket liner afo orthotics insoles brace halo traction pins
plaster cast theraputty putty pottery wash dress buttons laces shoelaces cutlery spoon toast tea shave teeth
wheelchairs scooter walker stick sticks seatings cushion hoists slings slide bathboard perching keysafe assist ao1 ao2
transferred discharging admitting sectioning reviewed handed referrals readmission hospitalised hospitalized
""",
    "TODAY": """
today yesterday tonight morning arvo afternoon week month monday tuesday wednesday thursday friday saturday sunday mon
tues wed thurs fri sat sun year christmas easter weekend night
""",
    "FIELD": """
awareness study cohort participants conference webinar keynote course podcast vacancy job recruiting pathway
commissioning survey audit policy guideline guidelines chapter cpd salary prize award report stigma exhibition journal
article book books' research evidence outcome outcomes measure measures model framework theory score scores scale chat
question questions q1 q2 q3 q4 q5 a1 a2 a3 a4 a5 profession training university dissertation module lecture link blog
paper's published generally always often usually sometimes bursary agm rcot aota hcpc nice cqc ndis template supplier
price budget fund funding costs hashtag tweet moho copm amps moca barthel lectures seminar seminars symposium thesis
essay essays assignment viva poster posters abstract syllabus competencies competency standards registrant regulator
regulation legislation act bill consultation strategy productivity kpi kpis tariff banding recruitment retention wages
pay union evidence-based literature meta-analysis systematic qualitative quantitative randomised randomized rct rcts
ethics protocol protocols toolkit toolkits app apps software systm1 systmone emis login zoom
""",
    "HINT": """
guess clue know knows remember heard seen everybody whole confidential naming names obvs saying won't wont recognise
recognize
""",
    "STUDENT": """
student pupil apprentice trainee intern placement
""",
    "GREETING": """
hi hello hiya hey evening welcome congrats congratulations thanks thank cheers shout proud joining lurking lurker well
morning-all bravo kudos congratulation chuffed applause howdy gday g'day newbie lurkers welcoming goodnight night-all
bye
""",
    "VENUE": """
venue doors tickets ticket parking register registration booking booked email slides rsvp entrance lobby
""",
}
_CLASSES = {word: name for name, words in _LISTS.items() for word in words.split()}

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "mister", "madam", "madame"})
_CONDITIONS = (
    *("plegia", "plegic", "paresis", "paretic", "itis", "osis", "oma", "emia", "opathy", "trophy", "phasia", "praxia"),
)
_WORKERS = (
    *("man", "men", "keeper", "monger", "smith", "maker", "master", "mistress", "driver", "owner", "worker", "player"),
)
"""What words of a class end with, and how many letters stand before that at least."""
_BEFORE_CONDITIONS, _BEFORE_WORKERS = 3, 2
_LAST_LETTERS = frozenset(ending[-3:] for ending in (*_CONDITIONS, *_WORKERS))


def class_of(word: str) -> str | None:
    """The class of a word in small letters, by itself or by its ending; None without one."""
    plain = word.removesuffix("'s")
    if word in _TITLES:
        return "TITLE"
    known = _CLASSES.get(word) or _CLASSES.get(plain)
    if known is not None or plain[-3:] not in _LAST_LETTERS:
        return known
    if plain.endswith(_CONDITIONS, _BEFORE_CONDITIONS):
        return "COND"
    return "WORK" if plain.endswith(_WORKERS, _BEFORE_WORKERS) else None
