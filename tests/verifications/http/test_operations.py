"""What a load balancer, Prometheus and a developer ask for."""

from django.db import OperationalError, connection
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import Api


def test_healthz_needs_nothing(api: Api) -> None:
    assert api.client.get("/healthz").content == b"ok\n"
    assert api.client.head("/healthz").status_code == 200  # as some load balancers ask


def test_readyz_names_each_part(api: Api) -> None:
    answer = api.client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"redis": "ok", "database": "ok", "queue": "inline"}


def test_readyz_says_which_part_is_down(api: Api) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        answer = api.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "down"
    assert answer["Retry-After"]


def _sample(api: Api, name: str, **labels: str) -> float:
    text = api.client.get("/metrics").content.decode()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return sample.value
    return 0.0


def test_outcomes_are_counted(api: Api, phone: str) -> None:
    sends = "verifications_sends_total"
    before = _sample(api, sends, purpose="pickup", outcome="ok")
    cooled = _sample(api, sends, purpose="pickup", outcome="cooldown")
    api.send(phone, "pickup")
    api.send(phone, "pickup")
    assert _sample(api, sends, purpose="pickup", outcome="ok") == before + 1
    assert _sample(api, sends, purpose="pickup", outcome="cooldown") == cooled + 1
    checks = _sample(api, "verifications_checks_total", purpose="pickup", outcome="code_incorrect")
    api.verify(phone, "x", "pickup")
    name = "verifications_checks_total"
    assert _sample(api, name, purpose="pickup", outcome="code_incorrect") == checks + 1


def test_an_unknown_purpose_makes_no_label_of_its_own(api: Api, phone: str) -> None:
    api.send(phone, "x" * 50)
    text = api.client.get("/metrics").content.decode()
    assert "xxxxx" not in text
    assert phone not in text
    assert 'purpose="other",outcome="unknown_purpose"' in text.replace(
        'outcome="unknown_purpose",purpose="other"', 'purpose="other",outcome="unknown_purpose"'
    )
