"""Words with a capital that are no names, and capitals that are no initials. Pure data.

The guard has no list of names. It has these, so that "my client, Zoom and I" is ordinary talk.
"""

from __future__ import annotations

_CALENDAR = """
Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mondays Tuesdays Wednesdays Thursdays Fridays Saturdays
Sundays January February March April June July August September October November December Jan Feb Mar Apr Jun Jul Aug
Sep Sept Oct Nov Dec Christmas Easter Ramadan Eid Diwali Hanukkah Halloween Lent Spring Summer Autumn Winter
"""
_BROAD = """
England Scotland Wales Ireland Britain Europe Africa Asia America Canada Australia India China Japan France Germany
Spain Italy Poland Ukraine Syria Sweden Norway Denmark Finland Holland Netherlands Belgium Portugal Greece Turkey
Brazil Mexico Nigeria Kenya Ghana Pakistan Bangladesh Zealand Ulster Munster Leinster Connacht Yorkshire Lancashire
Cornwall Devon Kent Essex Sussex Surrey Norfolk Suffolk London North South East West Northern Southern Eastern Western
English Scottish Welsh Irish British European American Australian Canadian Polish French German Spanish Italian Chinese
Indian Asian African Caribbean Muslim Christian Jewish Sikh Hindu
"""
_TOOLS = """
Zoom Teams Skype Whatsapp WhatsApp Facebook FaceTime Facetime Twitter Instagram TikTok YouTube Youtube Google Alexa
Siri Microsoft Apple Android Windows Netflix Minecraft Lego Wii Xbox Nintendo Makaton Discord Mastodon Bluesky Word
Excel PowerPoint Padlet Kahoot Miro Attend SystmOne Rio Epic Trak Portal Barthel MoCA Covid Corona Parkinson Parkinsons
Alzheimer Alzheimers Huntington Huntingtons Asperger Tourette Down Bobath Kawa Medicaid Medicare
"""
_CLINIC = """
Experience Participation Group Groups Network Reported Safety Involvement Engagement Voice Forum Council Association
Portal Record Records Choice Centred Centered Education Flow Advice Liaison Transport Passport Charter Outcome Outcomes
Story Stories Champion Champions Team Service Services Ward Wards Hospital Trust Board Clinic Unit Centre Center School
College University Academy Nursery Primary Secondary Year Years Week Weeks Day Days Hour Stage Phase Level Tier Band
Bay Bed Room Side Question Chapter Volume Part Table Figure Section Annex Case Study Vignette Outpatients Inpatients
Reablement Rehab Rehabilitation Therapy Therapies Occupational Physio Physiotherapy Speech Psychology Psychiatry
Nursing Medicine Surgery Orthopaedics Neuro Stroke Oncology Paediatrics Community Acute Discharge Admission Assessment
Intervention Model Care Health Mental Social Home Homes House
"""
_OPENERS = """
A An The This That These Those There Then They We You He She It I My Our Your His Her Their Its One Two Three Some Many
Most All Any Each Every Both No Not Now Never Always Often Sometimes Maybe Perhaps But And Or So Yet If When Where What
Why How Who Which Because Although Though While Since After Before During Until With Without For From To In On At By Of
As Is Are Was Were Do Does Did Has Have Had Can Could Will Would Should May Might Must Yes Also Just Only Even Still
Again Please Thanks Thank Love Great Good Best Hello Hi Hey Sorry Let Lets Anyone Everyone Someone Dear Old New Young
Little Big First Last Next Same Such Oh Well Like
"""
NOT_NAMES = frozenset(f"{_CALENDAR} {_BROAD} {_TOOLS} {_CLINIC} {_OPENERS}".split())
"""Words that are no name."""

_ABBREVIATIONS = """
AA AC AD AF AI AM AP AR BA BC BD BI BP BT CA CC CD CF CG CI CP CQ CT CV DA DM DR DV EA EC ED EF EI EP EQ ER ET EU FB FC
FM FT GA GB GI GP HA HC HD HE HF HI HQ HR HV IA IC ID IE IG II IP IQ IR IT IV KS LA LD LL LO LP LT MA MD MH MI MP MR MS
NA NB ND NE NG NI NO NP NS NV NW NY OA OH OK ON OP OR OS OT PA PC PD PE PG PH PI PM PO PP PR PS PT PV QA QI QR RA RE RN
RR SA SD SE SI SO SP ST SW TA TB TC TD TO TV UC UI UK UN UP US UX VC VE VR WE WM WW XL
"""
NOT_INITIALS = frozenset(_ABBREVIATIONS.split())
"""Two capitals that mean something else in a clinic, in research or in an address."""

_THINGS = """
group groups team teams service services forum scheme system portal app apps day days week month year clinic page
project programme network meeting meetings sessions session style time unit ward trust university college
"""
NOT_AFTER = frozenset(_THINGS.split())
"""A capitalised word before one of these is a thing: "our patient Lantern group"."""

_SMALL = """
a after all also always and as asked at back be became been before began bought broke brought built but by called came
can can't cannot could cut did didn't do does doesn't don't down drew drove fell felt for found from gave goes got grew
had has hasn't have he held her here him his hit home hurt i i'm if in into is isn't just kept knew laid last led let
lost made may me met might must never not now of off on once or our out over paid put ran read rode said sang sat saw
sent set she should shouldn't shut slept so sold spent spoke spun still stood swam taught than that the their then they
thought threw to today told tomorrow too took tried understood up us very was wasn't we went were when where who why
will with without woke won won't wore would wouldn't wrote yesterday yet you
"""
AFTER_A_PERSON = frozenset(_SMALL.split())
"""Words that a sentence goes on with after a name; besides them, what ends like a verb."""

_FAMOUS = """
motivator tumble men bean blobby punch wolf kipling miyagi muscle potato men's x y z bloggs hinch doubtfire claus tiggy
miggins merton brown's marple trunchbull honey world universe piggy havisham darcy bennet robinson pankhurst
nightingale seacole grinch spock t rogers president speaker chairman frodo wonka burns simpson pooh twit hyde jekyll
ripley bates beast tickle bump greedy happy wobbly messy perfect strong sloth dalloway beeton thatcher lovett overall
whippy tickle darling casson slagle reilly ayres kielhofner bobath creek wilcock
"""
FAMOUS = frozenset(_FAMOUS.split())
"""Surnames in small letters that people with a title have in books, on television, and in the history of the field."""

KNOWN_TO_ALL = r"""
frida kahlo | franklin (?:d\.? |delano )?roosevelt | fdr | helen keller | stephen hawking | christy brown | beethoven
monet | renoir | matisse | van gogh | louis braille | florence nightingale | mary seacole | douglas bader
eleanor clarke slagle | (?:eleanor )?slagle | george (?:edward )?barton | william tuke | philippe pinel | adolf meyer
susan tracy | elizabeth casson | dr casson | mary reilly | oliver sacks'? | joseph merrick | john merrick | george iii
harold gillies'? | archibald mcindoe | wilfred owen | anne sullivan | the queen mother | mickey mouse | minnie mouse
donald duck | eeyore | winnie the pooh | paddington bear | peppa pig | captain hook | long john silver | captain ahab
humpty dumpty | jack and jill | snow white | cinderella | rapunzel | goldilocks | red riding hood | hansel and gretel
miss havisham | tiny tim | scrooge | oliver twist | mrs? rochester | bertha mason | king lear | lady macbeth | hamlet
joni mitchell | michael j\.? fox | muhammad ali | christopher reeve | stephen fry | terry pratchett | glen campbell
tanni grey-thompson | robin williams | bruce willis | andy murray | quasimodo | frankenstein's
dracula | pollyanna | sherlock holmes | dr watson | james bond | harry potter | hagrid
dumbledore | voldemort | gandalf | frodo | gollum | darth vader | luke skywalker | homer simpson | del boy
basil fawlty | victor meldrew | father jack | father ted | dot cotton | santa claus | father christmas | tooth fairy
don quixote | mrs gamp | grandpa joe | willy wonka | miss trunchbull | widow twankey | still alice | mrs doyle
"""
"""People of history, of the field's own, and in stories, whom everybody knows. None of them is anybody's patient."""

_FILE = """
a an and the of for to in on at by with from my our your new old final draft copy version v v1 v2 v3 signed blank
template example sample form forms sheet checklist guide guidance guidelines policy protocol pathway procedure leaflet
booklet poster handout handbook manual workbook worksheet toolkit pack slides presentation talk paper article chapter
book review journal newsletter minutes agenda programme brochure annual report reports summary executive framework
standards strategy plan plans planning ot ots occupational therapy therapist therapists physio nursing nhs trust rcot
cot aota hcpc cqc nice assessment assessments home visit visits access discharge referral referrals letter letters note
notes photo photos image img scan xray report kitchen bathroom bath stairs stair seating wheelchair hoist sling splint
splints splinting hand hands upper lower limb stroke falls fall dementia cognitive cognition sensory processing diet
profile mental health acute community paediatric paediatrics school ehcp education care act code practice model human
occupation moho scale scales index barthel moca copm amps acis fim score scores scoring test tests tool tools measure
outcome outcomes goal goals evidence research study trial systematic scoping case history risk consent safeguarding
capacity audit service evaluation survey results data table chart funding application equipment adaptation adaptations
adaptation housing ramp transfer transfers handling moving manual medication progress handover review therapy gait
video history activity analysis group groups session sessions programme pathway early supported rehab rehabilitation
reablement intermediate ward unit hospital inpatient outpatient clinic team student placement cpd reflection log
portfolio online digital remote telehealth covid pandemic update updated january february march april may june july
august september october november december spring summer autumn winter uk us ireland scotland wales england national
local regional public version web print full text easy read large colour hi res lo low high final2 rev transcript otalk
chat questions answers faq intro introduction part one two three week day month year feedback information info sharing
patient patients client clients carer carers family resident person people child children adult adults older young user
users staff record records file card plan careplan complaint complaints incident summary template key facts overview
list document doc docs download upload attachment international bulletin core essential advanced basic best top tips
how why what who when where use using based led centred centered focused quick short long standard generic pre post
initial functional functioning function performance skills skill vocational work workplace return driving pain fatigue
management self support supporting supported living independent independence daily tasks task meaningful occupation
occupations wellbeing recovery star college royal association council society world federation conference abstract
abstracts keynote poster
"""
FILE_WORDS = frozenset(_FILE.split())
"""Words in small letters that names of files are made of, besides a patient's name."""

_THINGS_WITH_CAPITALS = """
Trello Slack Webex WebEx Outlook Epic Lorenzo Cerner Rio RiO SystmOne Emis Kielhofner Creek Wilcock Ayres Bobath Allen
Waterlow Braden Rockwood Berg Tinetti Theraputty Coban Velcro Thera Propad Etac Sara Molift Stedy Turner Oxford Arjo
Invacare Lidl Aldi Tesco Asda Sainsbury Sainsburys Morrisons Waitrose Greggs Costa Starbucks Boots Ikea Argos Amazon
Tesco Spotify Strava Kindle Photoshop Canva Cochrane Medline Pubmed PubMed Lancet Guardian OTnews Twitch Reddit Threads
Parliament Government Westminster Congress Senate Brexit Ofsted Nice Makaton Braille Nordic Pilates Yoga Tai Montessori
Snoezelen Sherlock Goldilocks Pandora Maslow Marie Macmillan Mind Scope Sense Headway Pathway Autism Dementia Stroke
Parkinsons Alzheimers Life Tuesday's Sunday's God Heaven Jesus Santa Christ Mum Dad Mam Nan Gran Granny Grandad Daddy
Mummy Doctor Doctors Nurse Nurses Sister Matron Band Grade Sensory Access Part Appendix Wordle Scrabble Bingo Jenga Uno
Tetris Mario Wales' Gaelic Urdu Polish Welsh Latin Makaton Auslan Queensland Victoria Tasmania Ontario Quebec Alberta
Manitoba Nova Saskatchewan California Texas Florida Midlands Highlands Cumbria Northumberland Durham Cheshire
Derbyshire Nottinghamshire Lincolnshire Leicestershire Staffordshire Shropshire Herefordshire Worcestershire
Warwickshire Northamptonshire Cambridgeshire Bedfordshire Hertfordshire Buckinghamshire Oxfordshire Gloucestershire
Wiltshire Somerset Dorset Hampshire Berkshire Surrey
"""
_ORGANISATIONS = """
Royal Versus Arthritis Society Foundation Institute Charity Alliance Union Federation Congress Conference Convention
Committee Department Ministry Office Company Limited Press Journal Review Street St Road Rd Lane Ln Avenue Ave Close
Drive Terrace Crescent Grove Gardens Square Place Court Hall Building Tower Library Museum Station Airport Stadium
Bridge National International Rights Advocacy Research Practice Evidence Standards Code Award Fellow Fellowship Talks
Podcast Blood Crescent Cross Age Concern Help Heroes Shelter Samaritans Childline Lifeline Carers Headspace Anthony
Nolan
"""
NOT_PLACES = frozenset(f"{_THINGS_WITH_CAPITALS} {_ORGANISATIONS}".split())
"""Capitals after a preposition that are no narrow place: tools, journals, provinces, counties, charities."""
