"""Which platform is asked, and when the next one is."""

from typing import ClassVar

import pytest

from tests.conftest import Configure
from verifications import exceptions
from verifications.delivery import deliver_code
from verifications.providers import Accepted, Provider, SendError, Text, base


class First(Provider):
    name = "first"
    error: ClassVar[SendError | None] = None
    texts: ClassVar[list[Text]] = []

    def send(self, text: Text) -> Accepted:
        type(self).texts.append(text)
        if error := type(self).error:
            raise error
        return Accepted("1")


class Second(First):
    name = "second"
    error: ClassVar[SendError | None] = None
    texts: ClassVar[list[Text]] = []


@pytest.fixture(autouse=True)
def _two_platforms(configure: Configure) -> None:
    First.texts, Second.texts = [], []
    configure(
        PROVIDERS={
            "first": {"BACKEND": f"{__name__}.First"},
            "second": {"BACKEND": f"{__name__}.Second"},
        },
        PROVIDER_ORDER=["first", "second"],
        TEMPLATES={"default": {"first": "11", "second": "22"}, "pickup": {"first": "33"}},
    )


def _deliver(first: SendError | None, second: SendError | None = None) -> tuple[str, str]:
    First.error, Second.error = first, second
    status, provider = deliver_code("+8613800138000", "login", {"code": "123456", "minutes": "5"})
    return status, provider


def test_the_first_platform_that_takes_it_is_the_last_asked() -> None:
    assert _deliver(None) == ("sent", "first")
    assert not Second.texts


def test_each_platform_gets_its_own_template() -> None:
    _deliver(base.Unreachable("ConnectTimeout"))
    assert (First.texts[0].template, Second.texts[0].template) == ("11", "22")


def test_a_purpose_may_have_a_template_of_its_own() -> None:
    First.error = None
    deliver_code("+8613800138000", "pickup", {"code": "123456", "minutes": "5"})
    assert First.texts[0].template == "33"


def test_every_try_has_its_own_request_id() -> None:
    _deliver(base.Unreachable("ConnectTimeout"))
    ids = {First.texts[0].request_id, Second.texts[0].request_id}
    assert len(ids) == 2
    assert all(len(one) <= 32 and one.isalnum() for one in ids)


@pytest.mark.parametrize("error", [base.Unavailable("160014"), base.Unreachable("HTTP 500")])
def test_what_surely_was_not_taken_goes_to_the_next(error: SendError) -> None:
    assert _deliver(error) == ("sent", "second")


def test_a_code_goes_to_the_next_after_an_uncertain_try_too() -> None:
    assert _deliver(base.Uncertain("ReadTimeout")) == ("sent", "second")


def test_a_bad_number_is_not_tried_elsewhere() -> None:
    with pytest.raises(exceptions.DeliveryFailed):
        _deliver(base.Rejected("160042"))
    assert not Second.texts


def test_one_uncertain_try_is_enough_to_be_uncertain() -> None:
    uncertain = base.Uncertain("ReadTimeout")
    assert _deliver(uncertain, base.Unavailable("1")) == ("unknown", "first")
    assert _deliver(base.Unavailable("1"), uncertain) == ("unknown", "second")


def test_a_refusal_of_either_is_a_failed_delivery() -> None:
    with pytest.raises(exceptions.DeliveryFailed):
        _deliver(base.Unavailable("160014"), base.Unreachable("HTTP 500"))


def test_none_in_reach_is_unavailable() -> None:
    with pytest.raises(exceptions.Unavailable):
        _deliver(base.Unreachable("HTTP 500"), base.Unreachable("ConnectTimeout"))


def test_the_log_names_neither_phone_nor_code(caplog: pytest.LogCaptureFixture) -> None:
    _deliver(base.Unavailable("160014", "通道余额不足"))
    assert "160014" in caplog.text
    assert "13800138000" not in caplog.text
    assert "123456" not in caplog.text
