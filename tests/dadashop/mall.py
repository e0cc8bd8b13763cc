"""The 达达商城 pages as their jQuery calls us."""

import json
from typing import Any

from django.test import Client

FORM = "application/x-www-form-urlencoded; charset=UTF-8"  # jQuery's default
SEND, REGISTER, LOG_IN = "/v1/users/sms/code", "/v1/users", "/v1/tokens/sms"
ROUTES = (SEND, REGISTER, "/v1/users/register", LOG_IN)


class Mall:
    """Posts as the pages do, and sees to it that the answer is one that they read."""

    def __init__(self, client: Client, content_type: str = FORM) -> None:
        self.client = client
        self.content_type = content_type

    def post(self, path: str, body: Any, **headers: str) -> dict[str, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body)
        answer = self.client.generic("POST", path, raw, self.content_type, headers=headers)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/json"
        told: dict[str, Any] = answer.json()
        return told

    def send(self, phone: str, **more: Any) -> dict[str, Any]:
        return self.post(SEND, {"phone": phone, **more})

    def register(self, number: str, code: str, **more: Any) -> dict[str, Any]:
        """As the page of registration, whose every field `more` may change; None leaves it out."""
        fields = {
            "uname": f"dada{number}",
            "password": "secret1",
            "phone": number,
            "email": "shopper@example.com",
            "verify": code,
            **more,
        }
        return self.post(REGISTER, {name: value for name, value in fields.items() if value})

    def log_in(self, phone: str, code: str, **more: Any) -> dict[str, Any]:
        return self.post(LOG_IN, {"phone": phone, "verify": code, **more})
