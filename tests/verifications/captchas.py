"""Answering captchas, rightly and otherwise."""

import base64
import json
from typing import Any

import altcha

from verifications.captcha import Captcha, Solved
from verifications.exceptions import CaptchaInvalid, Unavailable

# Little work, so that a test does it at once.
EASY = {"cost": 100, "max_counter": 3}


def answered(challenge: dict[str, Any]) -> dict[str, Any]:
    """What a browser finds, before it is packed."""
    question = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(question)
    assert solution
    document: dict[str, Any] = altcha.Payload(question, solution).to_dict()
    return document


def packed(document: Any) -> str:
    return base64.b64encode(json.dumps(document).encode()).decode()


def solve(challenge: dict[str, Any]) -> str:
    """What the page sends as `captcha`."""
    return packed(answered(challenge))


class Riddle(Captcha):
    """A captcha of somebody else's, asked and answered in words."""

    def __init__(self, *, answer: str) -> None:
        self._answer = answer

    def challenge(self) -> dict[str, Any]:
        return {"riddle": "What has keys but opens no door?"}

    def check(self, answer: str, ip: str | None) -> Solved:
        if answer == "the judge is asleep":
            raise Unavailable
        word, _, number = answer.partition("#")
        if word != self._answer:
            raise CaptchaInvalid
        return Solved(f"{ip}#{number}".encode()[:16], 60)
