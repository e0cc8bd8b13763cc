"""Requests captured from the vendors' own SDKs, and what our classes would put on the wire."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

_VECTORS = Path(__file__).parents[2] / "vectors"


class _Captured(Exception):
    pass


def load(platform: str, part: str = "requests") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((_VECTORS / f"{platform}.json").read_text())[part]
    return found


def captured(
    call: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> requests.PreparedRequest:
    """The request that `call` would send; it goes nowhere."""
    seen: list[requests.PreparedRequest] = []

    def capture(
        self: requests.Session, request: requests.PreparedRequest, **_: Any
    ) -> requests.Response:
        seen.append(request)
        raise _Captured

    monkeypatch.setattr(requests.Session, "send", capture)
    with pytest.raises(_Captured):
        call()
    return seen[0]
