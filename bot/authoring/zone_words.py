"""The words that people write for a time zone: what each means, and where that clock is. A table; nothing looks here.

`zone_names` finds a meaning in it.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.translation import pending

_LONDON, _DUBLIN, _BERLIN = "Europe/London", "Europe/Dublin", "Europe/Berlin"
_BRUSSELS, _ATHENS, _LISBON = "Europe/Brussels", "Europe/Athens", "Europe/Lisbon"
_NEW_YORK, _CHICAGO, _DENVER, _LOS_ANGELES = (
    *("America/New_York", "America/Chicago", "America/Denver"),
    "America/Los_Angeles",
)
_SYDNEY, _BRISBANE, _ADELAIDE, _AUCKLAND = (
    *("Australia/Sydney", "Australia/Brisbane"),
    *("Australia/Adelaide", "Pacific/Auckland"),
)
_AMERICA = (_NEW_YORK, _CHICAGO, _DENVER, _LOS_ANGELES)

ABBREVIATIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "gmt": (pending("Greenwich Mean Time, which the UK keeps in winter only"), (_LONDON,)),
    "bst": (pending("British Summer Time"), (_LONDON,)),
    "wet west": (pending("Western European time"), (_LISBON,)),
    "mez mesz": (pending("Central European time, as it is called in German"), (_BERLIN,)),
    "cet cest met mest hnec hec": (pending("Central European time"), (
        *(_BERLIN, "Europe/Paris", "Europe/Madrid"),
    )),
    "eet eest oez oesz": (pending("Eastern European time"), (_ATHENS, "Europe/Helsinki", "Europe/Kyiv")),
    "msk": (pending("Moscow time"), ("Europe/Moscow",)),
    "et est edt": (pending("Eastern time in North America"), (_NEW_YORK,)),
    "ct cdt": (pending("Central time in North America"), (_CHICAGO,)),
    "cst": (pending("Central time in North America, or the time of China or Cuba"), (
        *(_CHICAGO, "Asia/Shanghai", "America/Havana"),
    )),
    "mt mdt": (pending("Mountain time in North America"), (_DENVER,)),
    "mst": (pending("Mountain time in North America, or the time of Arizona or Malaysia"), (
        *(_DENVER, "America/Phoenix", "Asia/Kuala_Lumpur"),
    )),
    "pt pdt": (pending("Pacific time in North America"), (_LOS_ANGELES,)),
    "pst": (pending("Pacific time in North America, or the time of the Philippines"), (_LOS_ANGELES, "Asia/Manila")),
    "akt akst akdt": (pending("the time of Alaska"), ("America/Anchorage",)),
    "hst hast hdt": (pending("the time of Hawaii"), ("Pacific/Honolulu",)),
    "at adt": (pending("Atlantic time in Canada"), ("America/Halifax",)),
    "ast": (pending("Atlantic time in Canada, or the time of Puerto Rico or Arabia"), (
        *("America/Halifax", "America/Puerto_Rico", "Asia/Riyadh"),
    )),
    "nt nst ndt": (pending("the time of Newfoundland"), ("America/St_Johns",)),
    "brt": (pending("the time of Brazil"), ("America/Sao_Paulo",)),
    "ist": (pending("the time of India, Ireland or Israel"), ("Asia/Kolkata", _DUBLIN, "Asia/Jerusalem")),
    "idt": (pending("the time of Israel"), ("Asia/Jerusalem",)),
    "gst": (pending("the time of the Gulf"), ("Asia/Dubai",)),
    "pkt": (pending("the time of Pakistan"), ("Asia/Karachi",)),
    "npt": (pending("the time of Nepal"), ("Asia/Kathmandu",)),
    "sgt sst": (pending("the time of Singapore"), ("Asia/Singapore",)),
    "myt": (pending("the time of Malaysia"), ("Asia/Kuala_Lumpur",)),
    "hkt": (pending("the time of Hong Kong"), ("Asia/Hong_Kong",)),
    "pht": (pending("the time of the Philippines"), ("Asia/Manila",)),
    "ict": (pending("the time of Indochina"), ("Asia/Bangkok", "Asia/Ho_Chi_Minh")),
    "wib": (pending("the time of western Indonesia"), ("Asia/Jakarta",)),
    "jst": (pending("the time of Japan"), ("Asia/Tokyo",)),
    "kst": (pending("the time of Korea"), ("Asia/Seoul",)),
    "aest aet": (pending("Eastern time in Australia, where Queensland has no summer time"), (
        *(_SYDNEY, "Australia/Melbourne", _BRISBANE),
    )),
    "aedt": (pending("summer time in the east of Australia"), (_SYDNEY, "Australia/Melbourne", "Australia/Hobart")),
    "acst act": (pending("Central time in Australia, where the north has no summer time"), (
        *(_ADELAIDE, "Australia/Darwin"),
    )),
    "acdt": (pending("summer time in South Australia"), (_ADELAIDE,)),
    "awst awt": (pending("Western time in Australia"), ("Australia/Perth",)),
    "nzst nzdt nzt": (pending("the time of New Zealand"), (_AUCKLAND,)),
    "sast": (pending("the time of South Africa"), ("Africa/Johannesburg",)),
    "georgia": (pending("the country or the state of Georgia"), ("Asia/Tbilisi", _NEW_YORK)),
    "cat": (pending("Central African time"), ("Africa/Maputo", "Africa/Harare")),
    "eat": (pending("East African time"), ("Africa/Nairobi",)),
    "wat": (pending("West African time"), ("Africa/Lagos",)),
    "utc z zulu universal coordinated": (pending("Coordinated Universal Time"), ("UTC",)),
}  # fmt: skip
"""What each abbreviation means, and the places that may be meant."""

PLACES: Mapping[str, tuple[str, ...]] = {
    _LONDON: (
        *("uk", "gb", "great britain", "britain", "british", "united kingdom", "england", "scotland", "wales"),
        *(
            "northern ireland",
            "n ireland",
            "schottland",
            "english",
            "scottish",
            "welsh",
            "greenwich mean",
            "greenwich",
            "edinburgh",
            "glasgow",
        ),
        *("cardiff", "manchester", "birmingham", "leeds", "liverpool", "bristol", "cymru", "alba", "aberdeen"),
        *("großbritannien", "royaume-uni", "reino unido"),
    ),
    _DUBLIN: ("ireland", "irish", "republic of ireland", "eire", "éire", "irland", "irlande"),
    _BERLIN: ("germany", "german", "deutschland", "allemagne", "alemania", "hamburg", "münchen", "munich", "köln"),
    "Europe/Vienna": ("österreich", "wien"),
    "Europe/Zurich": ("schweiz", "suisse", "svizzera", "swiss", "zürich", "bern", "geneva", "genève"),
    "Europe/Paris": ("frankreich", "french"),
    "Europe/Rome": ("italia", "italien", "roma"),
    "Europe/Madrid": ("españa", "spain", "spanien"),
    _LISBON: ("portugal", "lisboa"),
    "Europe/Amsterdam": ("holland", "nederland", "dutch", "the netherlands"),
    _BRUSSELS: ("belgië", "belgique", "bruxelles", "brussel"),
    "Europe/Copenhagen": ("danmark", "denmark"),
    "Europe/Stockholm": ("sverige",),
    "Europe/Oslo": ("norge",),
    "Europe/Helsinki": ("suomi",),
    "Europe/Warsaw": ("polska",),
    "Europe/Prague": ("czech republic", "czechia"),
    "Europe/Istanbul": ("türkiye", "turkey"),
    "Europe/Kyiv": ("ukraine", "kiev"),
    _NEW_YORK: (
        "eastern",
        "east coast",
        "washington",
        "washington dc",
        "boston",
        "nyc",
        "ny",
        "philadelphia",
        "atlanta",
        "miami",
    ),
    _CHICAGO: ("dallas", "houston", "texas"),
    _DENVER: ("mountain", "colorado"),
    "America/Phoenix": ("arizona",),
    _LOS_ANGELES: ("pacific", "west coast", "california", "la", "seattle", "san francisco"),
    "America/Halifax": ("atlantic",),
    "America/Regina": ("saskatchewan",),
    "America/Winnipeg": ("manitoba",),
    "America/Edmonton": ("alberta", "calgary"),
    "America/Vancouver": ("british columbia",),
    "America/St_Johns": ("newfoundland",),
    "Australia/Hobart": ("tasmania",),
    "Pacific/Honolulu": ("hawaii", "hawaiian"),
    "America/Anchorage": ("alaska",),
    "America/Toronto": ("ontario", "ottawa", "montreal", "montréal", "québec", "quebec"),
    _SYDNEY: ("new south wales", "nsw", "canberra"),
    "Australia/Melbourne": ("victoria",),
    _BRISBANE: ("queensland",),
    "Australia/Perth": ("western australia",),
    _ADELAIDE: ("south australia",),
    _AUCKLAND: ("new zealand", "nz", "aotearoa", "wellington", "christchurch"),
    "Asia/Shanghai": ("china", "beijing", "prc"),
    "Asia/Kolkata": (
        "india",
        "indian",
        "bharat",
        "delhi",
        "new delhi",
        "mumbai",
        "bombay",
        "chennai",
        "bengaluru",
    ),
    "Asia/Kuala_Lumpur": ("malaysia",),
    "Asia/Jerusalem": ("israel", "tel aviv"),
    "Asia/Dubai": ("uae", "emirates"),
    "Asia/Seoul": ("korea", "south korea"),
    "Asia/Tokyo": ("nippon", "nihon", "日本"),
    "Asia/Ho_Chi_Minh": ("vietnam", "viet nam", "hanoi"),
    "America/Argentina/Buenos_Aires": ("argentina",),
    "America/Santiago": ("chile",),
    "Africa/Johannesburg": ("south africa", "cape town"),
}
"""Countries, parts of them and towns, by the place that has their clock."""

QUESTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "usa|us|america|american|united states|united states of america": (
        *(pending("one of the zones of the USA"), _AMERICA),
    ),
    "canada": (pending("one of the zones of Canada"), (
        *("America/Toronto", "America/Halifax", "America/Winnipeg", "America/Vancouver"),
    )),
    "australia": (pending("one of the zones of Australia"), (
        *(_SYDNEY, _BRISBANE, _ADELAIDE, "Australia/Darwin", "Australia/Perth"),
    )),
    "brazil": (pending("one of the zones of Brazil"), ("America/Sao_Paulo", "America/Manaus")),
    "mexico": (pending("one of the zones of Mexico"), ("America/Mexico_City", "America/Tijuana", "America/Cancun")),
    "russia": (pending("one of the zones of Russia"), (
        *("Europe/Moscow", "Asia/Yekaterinburg", "Asia/Novosibirsk", "Asia/Vladivostok"),
    )),
    "indonesia": (pending("one of the zones of Indonesia"), ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")),
    "europe": (pending("one of the zones of Europe"), (_LONDON, _BERLIN, _ATHENS)),
    "central": (pending("Central time in America, Europe or Australia"), (_CHICAGO, _BERLIN, _ADELAIDE)),
    "central european": (pending("Central European time"), (_BERLIN, "Europe/Paris", "Europe/Madrid")),
    "eastern european": (pending("Eastern European time"), (_ATHENS, "Europe/Helsinki", "Europe/Kyiv")),
    "western european": (pending("Western European time"), (_LISBON,)),
    "eastern australian|australian eastern": (pending("Eastern time in Australia"), (_SYDNEY, _BRISBANE)),
}  # fmt: skip
"""Names of large countries and of groups of zones; what each may mean, and the places from which the host chooses."""

FIXED: Mapping[str, str] = {
    **dict.fromkeys(("GMT", "GMT0", "Greenwich", "Etc/GMT", "Etc/GMT0", "Etc/Greenwich"), _LONDON),
    "EST": _NEW_YORK,
    "MST": _DENVER,
    "Etc/EST": _NEW_YORK,
    "WET": _LISBON,
    "CET": _BRUSSELS,
    "MET": _BRUSSELS,
    "EET": _ATHENS,
}
"""Abbreviations that are also names of zones, and the place whose winter time each of them is."""
