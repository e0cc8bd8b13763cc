"""Under which keys a phone, and all that it shares limits with, stand in Redis."""

from . import codes, conf, limits, phones, records, store
from .limits import Kind


def of_send(phone: str, ip: str | None, *, spare: bool) -> records.Ledger:
    """Of a phone (E.164) that an address asks a text for. `spare` for whom an operator allowed:
    then neither the address nor the segment limits anything, nor is a captcha asked for."""
    kinds = (*_local(ip, spare=spare), *_wide(), "global")
    return _ledger(phone, ip, kinds, limits.plan(conf.get(), kinds, spare=spare))


def of_check(phone: str, ip: str | None) -> records.Ledger:
    """Of a phone whose code is typed in: what a right one counts for."""
    settings = conf.get()
    kinds: tuple[Kind, ...] = ("prefix", *_wide(), "ip") if settings.guard != "off" else ()
    # The key of the address is that of the one that asked, which the phone's state knows.
    return _ledger(phone, ip, kinds[:-1], limits.plan(settings, kinds))


def of_phone(phone: str) -> records.Ledger:
    """Of a phone alone."""
    return _ledger(phone, None, (), limits.plan(conf.get()))


def of_return(phone: str) -> records.Ledger:
    """Of a send of which the address is not known any more."""
    kinds: tuple[Kind, ...] = ("prefix", *_wide(), "global")
    return _ledger(phone, None, kinds, limits.plan(conf.get(), kinds))


def _local(ip: str | None, *, spare: bool) -> tuple[Kind, ...]:
    if spare:
        return ()
    return ("ip", "prefix") if ip else ("prefix",)


def _wide() -> tuple[Kind, ...]:
    """Where but one country is texted, it is everyone."""
    return ("country",) if len(conf.get().allowed_countries) > 1 else ()


def _ledger(phone: str, ip: str | None, kinds: tuple[Kind, ...], plan: bytes) -> records.Ledger:
    return records.Ledger(
        store.phone_keys(codes.pseudonyms(phone)),
        [_shared_key(kind, _who(kind, phone, ip)) for kind in kinds],
        plan,
        store.tag(codes.pseudonym(limits.network(ip))) if ip else store.NO_TAG,
    )


def _who(kind: Kind, phone: str, ip: str | None) -> str:
    if kind == "ip" and ip:
        return limits.network(ip)
    if kind == "prefix":
        return phones.segment(phone)
    return phones.country(phone) if kind == "country" else ""


def _shared_key(kind: Kind, who: str) -> str:
    plain = kind == "country" or not who
    return store.shared_key(kind, who.encode() if plain else codes.pseudonym(who))
