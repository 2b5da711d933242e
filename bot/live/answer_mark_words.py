"""The words beside answer marks: those that people write before a number, and those that give "A4" another sense.

Each is part of a pattern, in lower case. The lists are short on purpose: a missed mark costs little, because the reply,
the thread or the question on the floor decides then, while a false one moves an answer away from where it was said.
"""

from __future__ import annotations

ANSWER_WORDS = (
    *("answers", "answer", "ans", "questions", "question", "ques", "quest", "topic", "re"),
    *("antwort", "frage", "respuesta", "pregunta", "réponse", "resposta", "pergunta", "risposta", "domanda"),
    *("antwoord", "vraag", "svar", "spørgsmål", "fråga"),
)
"""Words that stand for the letter, as in "Ans 1:". "Re 1" needs a closing sign; others don't."""

SPELLED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
"""Numbers in words, after a word only: "answer two"."""

REFERENCES = (
    r"(?:in\s+)?(?:my\s+)?(?:answers?|answering|reply|replying|response|responding)(?:\s+(?:to|for|on))?",
    *("ans", "re", "regarding", r"(?:going\s+|coming\s+)?back\s+to", r"(?:as\s+)?for(?=\s+\#?q)"),
    *(r"(?:respuesta|resposta|risposta|réponse|antwort)(?:\s+(?:a|à|al|alla|zu|zur|auf)(?:\s+l[ao])?)?", "sobre"),
    *("concernant",),
)
"""Words before a mark that point at it: "Re Q1", "in answer to Q1", "For Q1 we …"; but "for A4 paper"."""

GREETINGS = (
    *("hi", "hello", "hey", "hiya", "morning", "afternoon", "evening", "good", "all", "everyone", "everybody"),
    *("folks", "team", "thanks", "sorry", "oops", "late", "later", "ok", "okay", "belated", r"here(?:['\u2019]s)?"),
)
"""Words that come before a mark at the beginning of a text: "Hi all, A1 …"."""

CONNECTIVES = (
    *(r"a(?=\s[a-z])", "also", "and", "adding", "another", "both", "catching", "finally", "first", "for", "from"),
    *("i'm", "is", "joining", "long", "me", "more", "moving", "my", "next", "no", "now", "oh", "on", "our", "quick"),
    *("short", "so", "still", "then", "this", "to", "up", "well", "with", "yes"),
)
"""Other words that often do. After them a mark needs a closing sign: "More on A1: …", but "on A1 near Leeds"."""

_KINDS_OF_PAPER = "(?:lined|plain|white|colou?red|plastic|ring|display|clear|thick|graph|squared)"

OTHER_SENSES = (
    "of",  # "the A1 of Sam", "Q1 of 2026"
    "vs?",
    r"20\d\d",  # quarters of a year
    *("hourly", "hrly", "hrs?", "hours?", "weekly"),  # "Q4 hourly obs"
    r"[bc][12]",  # "A2 or B1 level"
    *("results", "figures", "earnings", "budgets?", "revenues?", "sales", "forecasts?", "targets?"),
    *("paper", "papers", "sheets?", "sized?", "sizes", "format", "formats", "posters?", "flyers?", "leaflets?"),
    *(
        "pads?",
        "pages?",
        "folders?",
        "files?",
        "envelopes?",
        "prints?",
        "printed",
        "printers?",
        "printouts?",
        "printing",
    ),
    rf"{_KINDS_OF_PAPER}\s+(?:paper|sheets?|card|wallets?|binders?|pages?|pockets?|folders?|pads?)",
    *("clipboards?", "lever arch"),
    *(r"flip[\s\-]?(?:charts?|boards?)", r"(?<=a3\s)(?:problem[\s\-]solving|thinking|reports?|method)"),
    *("booklets?", "notebooks?", "cards?", "frames?", "landscape", "portrait", "laminat(?:e|ed|ing|or|ors)"),
    *("documents?", "handouts?", "worksheets?", "sketchbooks?", "whiteboards?", "copies", "copy", "photocop(?:y|ies)"),
    *("roads?", "motorways?", "junctions?", "(?:north|south|east|west)(?:bound)?", "roundabouts?", "bypass"),
    *("carriageways?", "dual", "traffic", "corridor", "service stations?", "services?", "job"),
    *("milk", "beef", "steak", "sauce", "protein", "casein"),
    *("levels?", "grades?", "graded", "certificates?", "qualifications?", "learners?", "speakers?"),
    *("students?", "pupils?", "candidates?", "class", "biology", "maths", "chemistry", "physics", "psychology"),
    *("english", "french", "german", "spanish", "italian", "portuguese", "dutch", "swedish", "norwegian", "danish"),
    *("visas?", "licen[cs]es?", "forms?", "cars?", "drivers?", "flats?", "condition", "quality", "listed", "rated"),
    *("receptors?", "alleles?", "agonists?", "antagonists?", "pulleys?", "segments?", "astrocytes?", "antitrypsin"),
    *("diabet(?:es|ic|ics)", "vertebrae?", "vertebral?", "weighted", "weighting", "images?", "imaging", "scans?"),
    *("mri", "relaxation"),
    *("signals?", "sequences?", "lesions?", "fractures?", "tumou?rs?", "resections?", "nerves?", "spinal"),
    *("shirts?", "zones?", "postcodes?", "buses", "bus", "trains?", "platforms?", "gates?", "keys?", "stars?"),
)
"""Nouns after which "A4" is no mark: a size of paper, a road, a milk, a level or grade, a visa, a receptor, a vertebra,
a scan, a tumour's stage, a kind of diabetes, a quarter of the year. "A3 problem solving" is a method."""

COUNTED = ("of", "more", "people", "persons?", "patients?", "clients?", "questions?", "emails?", "calls?", "things?")
"""Nouns after which "answer 2" or "question 2" only counts: "Answer 2 questions a day"."""
