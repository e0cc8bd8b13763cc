"""Faults on demand, in the platform's words."""

import pytest
import requests

from tests.sandbox.baidu.client import CODE, Client, code


@pytest.mark.parametrize(
    ("fault", "status"),
    [("AccessDenied", 403), ("InternalError", 500), ("B:00017", 200), ("9999", 200)],
)
def test_error(client: Client, fault: str, status: int) -> None:
    client.fault("error", code=fault)
    answer = client.send()
    assert (answer.status_code, code(answer)) == (status, fault)
    assert [client.code(), len(client.texts())] == ["1000", 1]


def test_error_in_words_of_ones_own(client: Client) -> None:
    client.fault("error", code="B:00018", message="欠费")
    assert client.send().json()["message"] == "欠费"


def test_for_one_phone(client: Client) -> None:
    client.fault("error", code="B:00011", phone="13900139000")
    assert client.code() == "1000"
    assert client.code(mobile="13800138000,13900139000") == "B:00011"


def test_of_one_number_among_others(client: Client) -> None:
    client.fault("error", code="B:00012", phone="13900139000")
    rows = client.send(mobile="13800138000,13900139000,13700137000").json()["data"]
    assert [row["code"] for row in rows] == ["1000", "B:00012", "1000"]
    assert len(client.texts()) == 2


def test_for_another_call(client: Client) -> None:
    client.fault("error", code="AccessDenied", api="template")
    assert client.code() == "1000"
    answer = client.request("GET", f"/sms/v3/template/{CODE}")
    assert code(answer) == "AccessDenied"


def test_http_500_is_not_taken(client: Client) -> None:
    client.fault("http_500")
    assert client.send(token="a").status_code == 500
    assert client.texts() == []


def test_torn_is_taken(client: Client) -> None:
    client.fault("torn")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.send(token="a")
    assert len(client.texts()) == 1
