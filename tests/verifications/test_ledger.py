"""Under which keys a send, a guess and a text that comes back stand."""

import pytest
from django.conf import LazySettings

from tests.conftest import Configure
from verifications import conf, ledger, limits, records, store

PHONE, NEIGHBOUR, OTHER = "+8613800138000", "+8613800138999", "+8613800148000"
IP = "203.0.113.7"
HOME, SAME_HOME = "2001:db8::1", "2001:db8::2"


def _kinds(which: records.Ledger) -> list[str]:
    """Of its shared keys, in their order."""
    return [key.removeprefix("sms:{4}").partition(":")[0] for key in which.shared]


def _plan(*kinds: limits.Kind, spare: bool = False) -> bytes:
    return limits.plan(conf.get(), kinds, spare=spare)


def test_a_send_counts_for_address_segment_and_everyone() -> None:
    sent = ledger.of_send(PHONE, IP, spare=False)
    assert _kinds(sent) == ["ip", "prefix", "global"]
    assert sent.plan == _plan("ip", "prefix", "global")


def test_without_an_address_there_is_none_to_count_for() -> None:
    sent = ledger.of_send(PHONE, None, spare=False)
    assert _kinds(sent) == ["prefix", "global"]
    assert sent.plan == _plan("prefix", "global")
    assert sent.tag == store.NO_TAG


def test_whom_an_operator_allowed_counts_for_everyone_alone() -> None:
    sent = ledger.of_send(PHONE, IP, spare=True)
    assert _kinds(sent) == ["global"]
    assert sent.plan == _plan("global", spare=True)
    assert sent.tag == ledger.of_send(PHONE, IP, spare=False).tag


def test_where_several_countries_are_texted_each_is_counted(configure: Configure) -> None:
    configure(ALLOWED_COUNTRIES=["CN", "HK"])
    assert _kinds(ledger.of_send(PHONE, IP, spare=False)) == ["ip", "prefix", "country", "global"]
    assert _kinds(ledger.of_send(PHONE, IP, spare=True)) == ["country", "global"]
    assert _kinds(ledger.of_check(PHONE, IP)) == ["prefix", "country"]
    assert _kinds(ledger.of_return(PHONE)) == ["prefix", "country", "global"]


def test_the_key_of_a_country_is_readable(configure: Configure) -> None:
    configure(ALLOWED_COUNTRIES=["CN", "HK"])
    here, there = (ledger.of_return(phone).shared[1] for phone in (PHONE, "+85251234567"))
    assert here == store.shared_key("country", b"CN")
    assert there == store.shared_key("country", b"HK")


def test_everyones_key_names_nobody() -> None:
    assert ledger.of_return(PHONE).shared[-1] == store.shared_key("global", b"")


def test_neighbours_share_their_segment_and_nothing_else() -> None:
    mine, neighbours, others = (ledger.of_return(each) for each in (PHONE, NEIGHBOUR, OTHER))
    assert mine.names != neighbours.names
    assert mine.shared == neighbours.shared
    assert mine.shared[0] != others.shared[0]
    assert mine.shared[1] == others.shared[1]


def test_a_segment_is_one_whoever_asks(configure: Configure) -> None:
    configure(ALLOWED_COUNTRIES=["CN", "HK"])
    sent = ledger.of_send(PHONE, IP, spare=False)
    assert sent.shared[1:] == ledger.of_return(PHONE).shared


def test_a_subscriber_is_one_whichever_of_its_addresses_it_uses() -> None:
    one, same, other = (ledger.of_send(PHONE, ip, spare=False) for ip in (HOME, SAME_HOME, IP))
    assert one == same
    assert one.tag != other.tag
    assert one.shared[0] != other.shared[0]


def test_a_tag_is_the_end_of_its_addresss_key() -> None:
    """check.lua makes the key of the one that asked from its tag."""
    sent = ledger.of_send(PHONE, IP, spare=False)
    assert sent.shared[0] == store.shared_key("ip", b"") + sent.tag


def test_a_guess_counts_for_the_address_that_asked_which_redis_knows() -> None:
    guess = ledger.of_check(PHONE, IP)
    assert _kinds(guess) == ["prefix"]
    assert guess.plan == _plan("prefix", "ip")
    assert guess.tag == ledger.of_send(PHONE, IP, spare=False).tag
    assert ledger.of_check(PHONE, None).tag == store.NO_TAG


@pytest.mark.parametrize("mode", ["off", "record", "enforce"])
def test_where_nothing_is_guarded_a_guess_counts_for_nobody(
    mode: str, configure: Configure
) -> None:
    configure(GUARD=mode)
    guess = ledger.of_check(PHONE, IP)
    assert bool(guess.shared) == (mode != "off")
    if mode == "off":
        assert guess.plan == _plan()


def test_a_phone_by_itself_shares_nothing() -> None:
    assert ledger.of_phone(PHONE) == records.Ledger(
        ledger.of_return(PHONE).names, [], _plan(), store.NO_TAG
    )


def test_what_comes_back_does_so_without_its_address() -> None:
    returned = ledger.of_return(PHONE)
    assert _kinds(returned) == ["prefix", "global"]
    assert returned.plan == _plan("prefix", "global")
    assert returned.tag == store.NO_TAG


def test_a_phone_has_a_name_under_each_secret_key(settings: LazySettings) -> None:
    (old,) = ledger.of_phone(PHONE).names
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    new, *olds = ledger.of_phone(PHONE).names
    assert olds == [old] != [new]


def test_no_key_holds_a_number_or_an_address() -> None:
    sent = ledger.of_send(PHONE, IP, spare=False)
    for key in [*sent.names, *sent.shared, sent.tag]:
        assert "1380013" not in key
        assert "203.0" not in key
