"""The dashboard as an operator reads it."""

import html
import json
import re
from typing import Any

from django.utils import timezone

BOARD = "/admin/verifications/hour/"


def read(page: Any) -> str:
    """What an operator reads."""
    assert page.status_code == 200
    content = re.sub(r"(?s)<script.*?</script>|<[^>]+>", " ", page.content.decode())
    return " ".join(html.unescape(content).split())


def panel(page: Any, name: str) -> str:
    """What one panel says."""
    _, found, rest = page.content.decode().partition(f'id="{name}"')
    assert found
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", rest.partition("</section>")[0])).split())


def charts(page: Any) -> dict[str, Any]:
    """What its script draws, by name."""
    found = re.search(r'<script id="charts"[^>]*>(.*?)</script>', page.content.decode())
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def this_hour() -> Any:
    return timezone.now().replace(minute=0, second=0, microsecond=0)
