"""`python -m benchmarks.captcha`: how long a captcha takes a browser, and us.

The component solves challenges of the default work in Chromium. docs/captcha.md quotes it.
"""

import argparse
import shutil
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page, Route, sync_playwright

from verifications.captcha import Altcha

_ORIGIN = "http://127.0.0.1"
_STATIC = Path(__file__).parent.parent / "dadashop/static/dadashop"
_SOLVE = """async () => {
  const { solve } = await import("/dada-sms-code.js");
  const challenge = await (await fetch("/v1/verifications/captcha")).json();
  const start = performance.now();
  const answer = await solve(challenge);
  return [answer, performance.now() - start];
}"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.captcha", description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    runs = parser.parse_args().runs
    settings.configure(SECRET_KEY="of-this-benchmark", VERIFICATIONS={}, USE_TZ=True)
    altcha = Altcha()
    answers, browser_ms = zip(*_solved(altcha, runs), strict=True)
    _tell("browser, an answer", list(browser_ms))
    _tell("server, a challenge", [_timed(altcha.challenge) for _ in range(runs)])
    _tell("server, an answer", [_timed(partial(altcha.check, a)) for a in answers])


def _solved(altcha: Altcha, runs: int) -> list[tuple[str, float]]:
    """(answer, milliseconds) of each."""

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(_ORIGIN)
        if path == "/v1/verifications/captcha":
            route.fulfill(json=altcha.challenge())
        elif path == "/":
            route.fulfill(body="<!doctype html>", content_type="text/html")
        else:
            route.fulfill(path=_STATIC / path[1:], content_type="text/javascript")

    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page: Page = browser.new_page()
        page.route(f"{_ORIGIN}/**", serve)
        page.goto(f"{_ORIGIN}/")
        solved = [page.evaluate(_SOLVE) for _ in range(runs)]
        browser.close()
    return [(answer, milliseconds) for answer, milliseconds in solved]


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def _tell(what: str, milliseconds: list[float]) -> None:
    tenths = statistics.quantiles(milliseconds, n=10)
    print(f"{what:20}  median {tenths[4]:7.2f} ms   nine of ten within {tenths[8]:7.2f} ms")


if __name__ == "__main__":
    main()
