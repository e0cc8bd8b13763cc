"""docs/monitoring.md: what it tells to type. Its tables are in test_tables.py."""

import json
import shlex
import subprocess

from tests.docs.pages import blocks, read
from tests.docs.typed import run_python
from tests.live import ROOT

PAGE = read("docs/monitoring.md")
FOLLOW, TRACE = blocks(PAGE, "sh")
_SAMPLER = "from opentelemetry.sdk.trace.sampling import _get_from_env_or_default as f"


def test_one_text_is_found_in_the_log() -> None:
    """Without a journal: in the line that the page shows."""
    (line,) = blocks(PAGE, "json")
    journal, grep = FOLLOW.split("|")
    units = shlex.split(journal)[2]
    assert [*(ROOT / "deploy/systemd").glob(f"{units}.service")]
    found = subprocess.run(
        shlex.split(grep), input=line, capture_output=True, text=True, timeout=10
    )
    assert json.loads(found.stdout)["request_id"] in grep


def test_the_variables_of_traces_are_opentelemetrys() -> None:
    """tests/queue/test_traces.py has them sent."""
    variables = dict(part.split("=", 1) for part in TRACE.split())
    told = run_python(f'python -c "{_SAMPLER}; print(f().get_description())"', **variables)
    assert "TraceIdRatioBased{0.1}" in told.stdout, told.stderr
    assert variables["DADASHOP_OTEL"] == "1"
    known = run_python(
        'python -c "from opentelemetry.sdk import environment_variables as e; print(dir(e))"'
    )
    assert {name for name in variables if name.startswith("OTEL_")} <= {
        *known.stdout.replace("'", " ").replace(",", " ").split()
    }
