"""What an entry of the lists may name, read as people write it and kept in one form.

phone    one phone, `138 0013 8000` -> `+8613800138000`
segment  leading digits, `170` -> `+86170`; of another country with its code: `+852 5` -> `+8525`
address  an IP address or a range, `203.0.113.7/24` -> `203.0.113.0/24`

All raise ValidationError, whose words say what is wrong and what to write.
"""

import ipaddress
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS

from . import phones
from .exceptions import CountryNotAllowed, InvalidPhone

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_COUNTRIES = tuple(SUPPORTED_REGIONS)
_SEPARATORS = str.maketrans("", "", " -")
_MAINLAND = re.compile(r"(?:\+86|0086|86)?(1[3-9][0-9]{1,8})", re.ASCII)
_ABROAD = re.compile(r"(?:\+|00)([1-9][0-9]{0,13})", re.ASCII)
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")


def canonical(what: str, text: str) -> str:
    """The one form that an entry is kept in; `what` is one of the three above."""
    if what == "phone":
        return phone(text)
    return segment(text) if what == "segment" else str_of(network(text))


def phone(text: str) -> str:
    """E.164, of whatever country: a list may well be written before a country is switched on."""
    try:
        return phones.normalise(text, _COUNTRIES)
    except (InvalidPhone, CountryNotAllowed):
        raise ValidationError(
            _("不是有效的手机号码。请填写一个完整的手机号码，例如 13800138000 或 +85251234567。")
        ) from None


def segment(text: str) -> str:
    """The first characters of the E.164 numbers that are meant."""
    digits = text.strip().translate(_SEPARATORS)
    if mainland := _MAINLAND.fullmatch(digits):
        return f"+86{mainland[1]}"
    abroad = _ABROAD.fullmatch(digits)
    if not abroad or abroad[1].startswith("86"):
        raise ValidationError(
            _(
                "不是有效的号段。大陆号段请填写手机号码开头的 3 至 10 位数字，例如 170 或 1380013；"
                "其他国家或地区请以 + 和区号开头，例如 +852。完整的号码请选择“手机号码”。"
            )
        )
    if not any(int(abroad[1][:n]) in COUNTRY_CODE_TO_REGION_CODE for n in (1, 2, 3)):
        raise ValidationError(_("没有这个国际区号。请填写完整的区号，例如 +852。"))
    return f"+{abroad[1]}"


def network(text: str) -> Network:
    """The addresses that are meant; of an IPv4 address written as IPv6 (`::ffff:…`), the IPv4 one.

    A range is what its length says, whatever its last bits: `203.0.113.7/24` is `203.0.113.0/24`.
    """
    try:
        found = ipaddress.ip_network(text.strip(), strict=False)
        if "%" in text:
            raise ValueError("an interface of some machine's")
    except ValueError:
        raise ValidationError(
            _("不是有效的 IP 地址或网段。请填写例如 203.0.113.7、203.0.113.0/24 或 2001:db8::/32。")
        ) from None
    if isinstance(found, ipaddress.IPv6Network) and found.subnet_of(_MAPPED):
        mapped = int(found.network_address) & 0xFFFFFFFF
        return ipaddress.IPv4Network((mapped, found.prefixlen - 96))
    return found


def str_of(found: Network) -> str:
    """One address without its length, as people write it."""
    single = found.prefixlen == found.max_prefixlen
    return str(found.network_address) if single else str(found)
