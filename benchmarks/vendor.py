"""What notices are measured against: the platform's own SDK, in a virtual environment of its own.

It is single-threaded and opens a connection for every message; what it prints is thrown away.
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

from . import servers
from .platform import ACCOUNT, TEMPLATE, Platform

_HOME = Path("build/vendor-sdk")
_PACKAGE = "ronglian-sms-sdk==1.0.0"
# argv: the platform's URL, its account as JSON, a template, how many messages
_PROGRAM = """
import contextlib, io, json, os, sys, time
from ronglian_sms_sdk import SmsSDK

url, account, template, count = sys.argv[1:]
account = json.loads(account)
SmsSDK.url = url
sdk = SmsSDK(account["account_sid"], account["auth_token"], account["app_id"])

def send(n):
    answer = sdk.sendMessage(template, f"136{n:08d}", ("D1001", "顺丰", f"SF{n}"))
    assert json.loads(answer)["statusCode"] == "000000", answer

with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
    send(0)
    seconds, cpu = time.perf_counter(), time.process_time()
    for n in range(int(count)):
        send(n)
    seconds, cpu = time.perf_counter() - seconds, time.process_time() - cpu
print(json.dumps({"seconds": seconds, "cpu_seconds": cpu}))
"""


def install() -> bool:
    """Whether the SDK is there now; PyPI is asked for it once."""
    python = _HOME / "bin" / "python"
    if python.exists() and not _run([str(python), "-c", "import ronglian_sms_sdk"]).returncode:
        return True
    venv.create(_HOME, with_pip=True, clear=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", _PACKAGE]
    if (done := _run(pip)).returncode:
        print(f"{_PACKAGE} cannot be had: {done.stderr.strip()[-300:]}", file=sys.stderr)
        return False
    return True


def send(platform: Platform, count: int, core: int | None) -> tuple[float, float]:
    """(seconds, seconds of processor time) that so many messages take it."""
    account = json.dumps(ACCOUNT)
    python = str(_HOME / "bin" / "python")
    with servers.on_core(core):
        done = _run(
            [python, "-c", _PROGRAM, platform.url, account, TEMPLATE, str(count)],
            REQUESTS_CA_BUNDLE=platform.authority,
            TZ="Asia/Shanghai",
        )
    if done.returncode:
        raise RuntimeError(f"the SDK failed: {done.stderr[-1000:]}")
    took = json.loads(done.stdout)
    return took["seconds"], took["cpu_seconds"]


def _run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=600,
    )
