"""A mistake of ours ends in a 500 that says nothing, and in a log line without a phone."""

import pytest

from tests.conftest import Api
from verifications import services


def test_a_bug_shows_neither_phone_nor_frames(
    api: Api, phone: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(phone: str, *_: object, **__: object) -> None:
        raise KeyError(phone)

    monkeypatch.setattr(services, "send_code", broken)
    answer = api.send(phone)
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert phone not in answer.content.decode()
    assert "KeyError" in caplog.text
    assert "test_unexpected.py" in caplog.text  # where it was raised
    assert phone not in caplog.text


@pytest.mark.parametrize("path", ["/v1/nothing/here", "/v1/verifications/codes/", "/v1/"])
def test_a_route_that_does_not_exist_is_json_too(path: str, api: Api) -> None:
    answer = api.client.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
