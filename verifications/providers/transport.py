"""A platform spoken to over HTTP."""

import json
import re
import threading
from collections.abc import Callable, Collection, Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from . import wire
from .base import Check, Provider, SendError, Text, Uncertain, Unreachable


class HttpProvider(Provider):
    """Keep-alive, TLS checked; no retry, redirect or proxy. ValueError for a wrong `base_url`."""

    def __init__(self, *, base_url: str, timeout: tuple[float, float] = (1.0, 2.0)) -> None:
        self.base_url = _checked(base_url).rstrip("/")
        self.host = urlsplit(self.base_url).netloc  # as it is signed, and so as it is sent
        self.timeout = timeout  # seconds to connect, seconds for all of the answer
        self._local = threading.local()  # requests does not call its Session thread-safe

    def refused(self, error: SendError) -> Check:
        """The line of `manage.py doctor` where our account cannot be asked about, or is refused."""
        name = self.name.upper()
        hint = f"check the variables {name}_… and this machine's clock"
        if isinstance(error, Unreachable | Uncertain):
            hint = f"check {name}_BASE_URL, and that a firewall lets us through"
            if _is_this_machine(urlsplit(self.base_url).hostname or ""):
                hint = (
                    "is the sandbox there? Name its port in SANDBOX_PORT, as make run was told it"
                )
        return Check("account", ok=False, detail=f"{error} ({self.base_url})", hint=hint)

    @property
    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = wire.session()
        return session

    def _check_size(self, text: Text) -> None:
        """Raises ValueError for no phone, or more than one request may have."""
        if not 1 <= len(text.phones) <= self.batch_limit:
            raise ValueError(f"1 to {self.batch_limit} phones a request")

    def _exchange(
        self, method: str, path: str, *, headers: dict[str, str], body: bytes | None = None
    ) -> tuple[int, bytes]:
        """(status, body). Raises Unreachable or Uncertain, never with the URL: it is signed."""
        try:
            response = self._session.request(
                method,
                self.base_url + path,
                data=body,
                headers=headers,
                timeout=self.timeout,
                allow_redirects=False,
                stream=True,
            )
            content: bytes = response.raw.read(decode_content=False)
        except (requests.ConnectTimeout, requests.exceptions.SSLError) as error:
            raise Unreachable(type(error).__name__) from None
        except requests.ConnectionError as error:
            kind = Unreachable if _never_connected(error) else Uncertain
            raise kind(type(error).__name__) from None
        except (requests.RequestException, HTTPError) as error:  # a read timeout, a torn answer
            raise Uncertain(type(error).__name__) from None
        # These come from a gateway that may have handed the request on before it gave up.
        if response.status_code in (502, 504):
            raise Uncertain(f"HTTP {response.status_code}")
        return response.status_code, content

    def _request(
        self, method: str, path: str, *, headers: dict[str, str], body: bytes | None = None
    ) -> bytes:
        """The body of a 200. Raises Unreachable or Uncertain."""
        status, raw = self._exchange(method, path, headers=headers, body=body)
        if status != 200:
            raise Unreachable(f"HTTP {status}")
        return raw

    def _json(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str],
        body: bytes | None = None,
        outcome: Collection[str],
    ) -> dict[str, Any]:
        """The members of a JSON reply, of any status as long as one in which the platform says how
        it went, one of `outcome`, is among them. Raises Unreachable or Uncertain."""
        status, raw = self._exchange(method, path, headers=headers, body=body)
        try:
            reply = json.loads(raw)
        except (ValueError, RecursionError):
            reply = None
        if isinstance(reply, dict) and not reply.keys().isdisjoint(outcome):
            return reply
        raise Uncertain("unreadable reply") if status == 200 else Unreachable(f"HTTP {status}")


def _checked(base_url: str) -> str:
    """Raises ValueError unless it is https:// with a host and perhaps a port and a path; http:// is
    for this machine alone, where the sandbox is."""
    if not isinstance(base_url, str) or re.search(r"[^!-~]", base_url):
        raise ValueError("base_url is not a URL")
    parts = urlsplit(base_url)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.port == 0:
        raise ValueError("base_url has to be https://host")
    if "@" in parts.netloc or "?" in base_url or "#" in base_url:
        raise ValueError("base_url has a user, a query or a fragment")
    if parts.scheme == "http" and not _is_this_machine(parts.hostname):
        raise ValueError("base_url is http://, which is for this machine alone: use https://")
    return base_url


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def check_templates(
    provider: HttpProvider,
    templates: Sequence[str],
    state_of: Callable[[str], str],
    *,
    about_template: Collection[str],
) -> list[Check]:
    """The account, and each template if the account is fine.

    `state_of` asks the platform, `approved` being the good answer. A refusal may be about our
    account as well as about the template: about the template are those whose code is in
    `about_template`, and any once another template had an answer.
    """
    checks, refusals = [], list[SendError]()
    for template in templates:
        try:
            state = state_of(template)
        except SendError as error:
            state = str(error)
            if error.code not in about_template:
                refusals.append(error)
        checks.append(template_check(template, state))
    if refusals and len(refusals) == len(checks):
        return [provider.refused(refusals[0])]
    return [Check("account", ok=True, detail="our key is accepted"), *checks] if checks else []


def template_check(template: str, state: str) -> Check:
    """`approved` is the good state; others are told as they are."""
    hint = "check its id, and its review (审核), in the platform's console"
    return Check(f"template {template}", ok=state == "approved", detail=state, hint=hint)


def _never_connected(error: requests.ConnectionError) -> bool:
    """Refused, no route, no such host: nothing was sent. (urllib3 holds the cause.)"""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError"}
