"""Check digits of health numbers. python-stdnum has the rest; these are missing from it. Pure.

Each takes the number without gaps, letters in capitals.
"""

from __future__ import annotations

from stdnum import ean, luhn
from stdnum.ca import bc_phn, sin
from stdnum.gb import nhs

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MEDICARE = (1, 3, 7, 9, 1, 3, 7, 9)
_WOMEN = 50


def begins_with_date(digits: str) -> bool:
    """Whether six digits can be a day, a month and a year: 29 February counts, 30 February does not."""
    day, month = int(digits[:2]), int(digits[2:4])
    return 1 <= month <= len(_DAYS) and 1 <= day <= _DAYS[month - 1]


def is_irish_ihi(digits: str) -> bool:
    """Ireland, 18 digits: GS1 at the end, and within them ten digits with modulus 11, from 812 to 859.

    Source: eHealth Ireland, "IHI technical FAQs", and the HSE's answer in uk-fci/nhs-number, issue 9.
    """
    core = digits[7:17]
    return "812" <= core[:3] <= "859" and nhs.is_valid(core) and ean.calc_check_digit(digits[:17]) == digits[17]


def is_australian_ihi(digits: str) -> bool:
    """Australia, 16 digits beginning with 800360, Luhn. Source: Services Australia, "Healthcare identifiers"."""
    return digits.startswith("800360") and luhn.is_valid(digits)


def is_medicare(digits: str) -> bool:
    """Australian Medicare card: eight weighted digits, their check digit, an issue number, perhaps the person's number.

    Source: Services Australia, as given by METeOR 270101, "Medicare card number".
    """
    weighted = sum(weight * int(digit) for weight, digit in zip(_MEDICARE, digits, strict=False))
    return digits[0] in "23456" and weighted % 10 == int(digits[8])


def is_nhi(written: str) -> bool:
    """New Zealand's NHI number, old form (AAA1111) or new (AAA11AA), whose modulus was 24 in a draft.

    Source: HISO 10046:2023.
    """
    values = [_ALPHABET.find(one) + 1 if one.isalpha() else int(one) for one in written]
    if any(one.isalpha() and one not in _ALPHABET for one in written):
        return False
    total = sum(value * weight for value, weight in zip(values, range(7, 1, -1), strict=False))
    if written[-1].isdigit():
        return total % 11 != 0 and (11 - total % 11) % 10 == values[-1]
    return values[-1] in {23 - total % 23, 24 - total % 24}


def is_ramq(written: str) -> bool:
    """Quebec's health card: four letters, year, month (50 more for women) and day of birth, two digits. No check digit.

    Source: RAMQ, "Health insurance card".
    """
    month = int(written[6:8])
    return begins_with_date(f"{written[8:10]}{month - _WOMEN if month > _WOMEN else month:02}00")


def is_canadian(digits: str) -> bool:
    """British Columbia's health number of ten digits."""
    return bool(bc_phn.is_valid(digits))


def is_sin(digits: str) -> bool:
    """A Canadian social insurance number."""
    return bool(sin.is_valid(digits))


def is_singaporean(written: str) -> bool:
    """An identity number of Singapore (NRIC, FIN): a letter, seven weighted digits, a check letter.

    Source: as given by Ngiam Tee Woh, "NRIC numbers", in many public validators; the registry publishes no formula.
    """
    total = sum(weight * int(digit) for weight, digit in zip((2, 7, 6, 5, 4, 3, 2), written[1:8], strict=True))
    total += 4 if written[0] in "TG" else 0
    letters = "JZIHGFEDCBA" if written[0] in "ST" else "XWUTRQPNMLK"
    return letters[total % 11] == written[8]
