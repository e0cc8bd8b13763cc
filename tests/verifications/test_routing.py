"""Which platforms may carry a text, and in which order they are asked."""

from collections import Counter

import pytest

from tests.conftest import Configure
from tests.verifications import platforms
from verifications import conf, routing

CN, US = "+8613800138000", "+14155552671"


@pytest.fixture(autouse=True)
def _three_platforms(configure: Configure) -> None:
    configure(**platforms.settings_of("a", "b", "c"), ALLOWED_COUNTRIES=["CN", "US"])


def _names(template: str = "shipped", phone: str = CN) -> list[str]:
    return [platform.name for platform in routing.route(template, phone)]


def test_they_are_asked_in_the_order_of_preference(configure: Configure) -> None:
    configure(PROVIDER_ORDER=["b", "c", "a"])
    assert _names() == ["b", "c", "a"]
    assert _names("login") == ["b", "c", "a"]


def test_one_without_the_template_is_left_out(configure: Configure) -> None:
    configure(
        TEMPLATES={
            "shipped": {"IDS": {"a": "1", "c": "3"}, "PARAMS": []},
            "default": {"IDS": {"b": "2"}},
            "pickup": {"IDS": {"c": "3"}},
        }
    )
    assert _names("shipped") == ["a", "c"]
    assert _names("login") == ["b"]  # as every purpose without a template of its own
    assert _names("pickup") == ["c"]
    with pytest.raises(KeyError):
        _names("no such text")


def _drawn(configure: Configure, order: list[str], times: int = 4000) -> Counter[tuple[str, ...]]:
    configure(PROVIDER_ORDER=order)
    return Counter(tuple(_names()) for _ in range(times))


def test_weights_share_a_place(configure: Configure) -> None:
    found = _drawn(configure, ["a:3", "b:1"])
    assert found.keys() == {("a", "b"), ("b", "a")}
    # Binomial(4000, 3/4): 3000 and a standard deviation of 27; 8 of them never happens.
    assert 2780 < found["a", "b"] < 3220


def test_weights_go_on_to_the_places_behind(configure: Configure) -> None:
    found = _drawn(configure, ["a:6", "b:3", "c:1"])
    assert len(found) == 6
    # a in front 6/10 of the time; behind it, b before c 3/4 of that. Deviations of 31 and 32.
    assert 2150 < sum(count for order, count in found.items() if order[0] == "a") < 2650
    assert 1540 < found["a", "b", "c"] < 2060


def test_weights_are_of_neighbours_alone(configure: Configure) -> None:
    orders = {("a", "b", "c"), ("a", "c", "b")}
    assert _drawn(configure, ["a", "b:1", "c:1"], 200).keys() == orders
    assert _drawn(configure, ["a:1", "b", "c:1000"], 200).keys() == {("a", "b", "c")}


@pytest.mark.parametrize(
    ("template", "phone", "order"),
    [
        ("shipped", US, ["a"]),  # both
        ("shipped", CN, ["b"]),  # the template comes before ...
        ("pickup_code", US, ["c"]),  # ... the country
        ("login", US, ["c"]),
        ("pickup_code", CN, ["a", "b", "c"]),
        ("login", CN, ["b", "a"]),
    ],
)
def test_a_text_or_a_country_may_have_an_order_of_its_own(
    template: str, phone: str, order: list[str], configure: Configure
) -> None:
    configure(ROUTES={"shipped:US": ["a"], "shipped": ["b"], "US": ["c"], "login:CN": ["b", "a"]})
    assert _names(template, phone) == order


def test_an_order_of_its_own_may_have_weights(configure: Configure) -> None:
    configure(ROUTES={"shipped": ["b:1", "c:1"]})
    found = {tuple(_names()) for _ in range(100)}
    assert found == {("b", "c"), ("c", "b")}


def test_every_platform_of_every_order_is_known_once(configure: Configure) -> None:
    configure(PROVIDER_ORDER=["b:2", "a:1"], ROUTES={"US": ["c", "a"], "shipped": ["b"]})
    assert routing.platforms(conf.get()) == ["b", "a", "c"]
