"""Which platform is asked for a code, and when the next one is."""

from collections.abc import Callable

import pytest

from tests.conftest import Configure
from tests.verifications.platforms import Fake
from verifications import exceptions
from verifications.models import DeliveryAttempt
from verifications.providers import SendError, base
from verifications.services import send_code

Deliver = Callable[..., str]


@pytest.fixture
def deliver(phone: str, first: Fake, second: Fake) -> Deliver:
    """deliver(error of the first, error of the second): the status of a code's text."""

    def run(first_error: SendError | None, second_error: SendError | None = None) -> str:
        first.error, second.error = first_error, second_error
        return send_code(phone, "login").status

    return run


def _tried() -> list[tuple[str, str, str]]:
    """(platform, outcome, code) of each try, in their order."""
    found = DeliveryAttempt.objects.order_by("started_at")
    return list(found.values_list("provider", "outcome", "code"))


def test_the_first_platform_that_takes_it_is_the_last_asked(
    deliver: Deliver, first: Fake, second: Fake
) -> None:
    assert deliver(None) == "sent"
    assert (len(first.texts), len(second.texts)) == (1, 0)
    assert _tried() == [("first", "sent", "")]


def test_each_platform_gets_its_own_template(deliver: Deliver, first: Fake, second: Fake) -> None:
    deliver(base.Unreachable("ConnectTimeout"))
    asked = first.texts[0].template, second.texts[0].template
    assert asked == ("first default", "second default")


def test_a_purpose_may_have_a_template_of_its_own(
    first: Fake, phone: str, configure: Configure
) -> None:
    configure(TEMPLATES={"pickup": {"IDS": {"first": "33"}, "PARAMS": ["minutes", "code"]}})
    send_code(phone, "pickup")
    assert first.texts[0].template == "33"
    assert list(first.texts[0].params) == ["minutes", "code"]


def test_every_try_has_its_own_request_id(deliver: Deliver, first: Fake, second: Fake) -> None:
    deliver(base.Unreachable("ConnectTimeout"))
    ids = {first.texts[0].request_id, second.texts[0].request_id}
    assert len(ids) == 2
    assert all(len(one) <= 32 and one.isalnum() for one in ids)


@pytest.mark.parametrize("error", [base.Unavailable("160014"), base.Unreachable("HTTP 500")])
def test_what_surely_was_not_taken_goes_to_the_next(error: SendError, deliver: Deliver) -> None:
    assert deliver(error) == "sent"
    assert _tried() == [("first", "unavailable", error.code), ("second", "sent", "")]


def test_a_code_goes_to_the_next_after_an_uncertain_try_too(
    deliver: Deliver, first: Fake, second: Fake
) -> None:
    assert deliver(base.Uncertain("ReadTimeout")) == "sent"
    assert first.texts[0].params == second.texts[0].params  # whichever arrives, it is the same code


def test_a_bad_number_is_not_tried_elsewhere(deliver: Deliver, second: Fake) -> None:
    with pytest.raises(exceptions.DeliveryFailed):
        deliver(base.Rejected("160042"))
    assert not second.texts
    assert _tried() == [("first", "rejected", "160042")]


def test_one_uncertain_try_is_enough_to_be_uncertain(
    deliver: Deliver, travel: Callable[[float], None]
) -> None:
    uncertain = base.Uncertain("ReadTimeout")
    assert deliver(uncertain, base.Unavailable("1")) == "unknown"
    travel(60)
    assert deliver(base.Unavailable("1"), uncertain) == "unknown"


def test_after_an_uncertain_try_a_bad_number_is_no_answer_for_all(deliver: Deliver) -> None:
    assert deliver(base.Uncertain("ReadTimeout"), base.Rejected("160042")) == "unknown"


def test_a_refusal_of_either_is_a_failed_delivery(deliver: Deliver) -> None:
    with pytest.raises(exceptions.DeliveryFailed):
        deliver(base.Unavailable("160014"), base.Unreachable("HTTP 500"))


def test_none_in_reach_is_unavailable(deliver: Deliver) -> None:
    with pytest.raises(exceptions.Unavailable):
        deliver(base.Unreachable("HTTP 500"), base.Unreachable("ConnectTimeout"))


def test_a_mistake_in_a_platforms_class_is_an_uncertain_try(
    deliver: Deliver, first: Fake, caplog: pytest.LogCaptureFixture
) -> None:
    first.meanwhile = lambda text: text.params[text.params["code"]]
    assert deliver(None) == "sent"
    assert _tried()[0] == ("first", "uncertain", "KeyError")
    assert "first: KeyError in send()" in caplog.messages


def test_the_log_names_neither_phone_nor_code(
    deliver: Deliver, phone: str, second: Fake, caplog: pytest.LogCaptureFixture
) -> None:
    deliver(base.Unavailable("160014", "通道余额不足"))
    assert "160014" in caplog.text
    assert phone not in caplog.text
    assert second.texts[0].params["code"] not in caplog.text
