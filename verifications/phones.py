"""Phone numbers: normalise to E.164, mask for people."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberType

from .exceptions import CountryNotAllowed, InvalidPhone

# The segments that MIIT gave to virtual operators (转售); numbers of them are easily held in bulk.
VIRTUAL_OPERATORS = ("162", "165", "167", "170", "171")

Carrier = Literal["mobile", "unicom", "telecom", "broadnet", "virtual", "other"]

_CARRIERS: dict[str, Carrier] = {
    "China Mobile": "mobile",
    "China Unicom": "unicom",
    "China Telecom": "telecom",
    "China Broadnet": "broadnet",
}
_SEPARATORS = str.maketrans("", "", " -")
_LOOKS_LIKE_A_NUMBER = re.compile(r"\+?[0-9]{5,19}")
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


@cache
def _mainland() -> re.Pattern[str]:
    """Mainland mobile numbers, by the pattern that the phonenumbers library itself holds.

    A parse by the library takes some 20 µs; this takes one, and follows the library's updates.
    """
    metadata = PhoneMetadata.metadata_for_region("CN")
    pattern = metadata.mobile.national_number_pattern if metadata and metadata.mobile else "(?!)"
    # ASCII: or else 138００１３8000 in wide digits would be a phone of its own.
    return re.compile(rf"(?:\+86|0086|86)?({pattern})", re.ASCII)


def normalise(raw: str, allowed_countries: Sequence[str] = ("CN",)) -> str:
    """`138 0013-8000`, `+86…`, `86…` or `0086…` -> `+8613800138000` (E.164).

    Spaces and dashes may stand anywhere; any other country's number starts with `+` or `00`.

    Raises InvalidPhone (not a mobile number) or CountryNotAllowed (a real mobile number of a
    country that `allowed_countries`, ISO 3166 codes, does not name).
    """
    if not isinstance(raw, str):
        raise InvalidPhone  # as a view may pass on whatever a client has sent
    digits = raw.strip().translate(_SEPARATORS)
    if (plain := _mainland().fullmatch(digits)) and "CN" in allowed_countries:
        return "+86" + plain[1]
    if not _LOOKS_LIKE_A_NUMBER.fullmatch(digits):
        raise InvalidPhone
    try:
        number = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        raise InvalidPhone from None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _MOBILE:
        raise InvalidPhone
    if phonenumbers.region_code_for_number(number) not in allowed_countries:
        raise CountryNotAllowed
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mask(phone: str) -> str:
    """`+8613800138000` -> `138****8000`; another country's keeps its `+` and first digits."""
    national = phone.removeprefix("+86")
    return f"{national[:3]}****{national[-4:]}"


def segment(phone: str) -> str:
    """The ten thousand numbers that an E.164 number is one of: in the mainland the seven digits
    (号段) by which carriers hand them out."""
    return phone[:-4]


def country(phone: str) -> str:
    """ISO 3166 of an E.164 number: `CN`; empty for one of no country."""
    if _mainland().fullmatch(phone):
        return "CN"
    return phonenumbers.region_code_for_number(phonenumbers.parse(phone)) or ""


@cache
def carrier(beginning: str) -> Carrier:
    """Whose the numbers are that begin so, in E.164: `+861380`, 4 digits behind the country's.

    A number that was taken along to another carrier is still the one's that gave it out.
    """
    # 11 MiB of all the world's prefixes, which only those need who sum up what was sent.
    from phonenumbers import carrier as carriers

    if not beginning.startswith("+86"):
        return "other"
    national = beginning[3:]
    if national.startswith(VIRTUAL_OPERATORS):
        return "virtual"
    number = phonenumbers.PhoneNumber(country_code=86, national_number=int(national))
    return _CARRIERS.get(carriers.name_for_valid_number(number, "en"), "other")
