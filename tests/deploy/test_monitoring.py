"""Alerts and the dashboard name metrics and labels that there are."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import promql_parser
import pytest
import yaml

from tests.docs.pages import quoted, read, rows
from tests.exposed import samples
from tests.live import ROOT
from verifications import tasks
from verifications.exceptions import VerificationError
from verifications.models import DeliveryAttempt, Message

pytestmark = pytest.mark.django_db

ALERTS: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load(read("deploy/prometheus/alerts.yml"))["groups"]
    for rule in group["rules"]
]
BOARD: dict[str, Any] = json.loads(read("deploy/grafana/dadashop.json"))
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
QUERIES = {rule["alert"]: rule["expr"] for rule in ALERTS} | {
    f"{panel['title']} {target['refId']}": target["expr"].replace("$__rate_interval", "5m")
    for panel in PANELS
    for target in panel["targets"]
}
OF_PROMETHEUS = {"up": {"job", "instance"}}
# {label: the values of our metrics that PromQL may name}
KNOWN = {
    "kind": {*Message.Kind.values},
    "outcome": {
        "ok",
        "failed",
        *DeliveryAttempt.Outcome.values,
        *(refusal.code for refusal in VerificationError.__subclasses__()),
        *(f"rate_limited_{limit}" for limit in ("phone", "ip", "prefix", "global")),
    },
    "task": {"deliver", "sweep", "pull_receipts", "forget"},
    "level": {"uneasy", "alarmed"},
}


def _parts(node: Any) -> Iterator[Any]:
    yield node
    for name in ("lhs", "rhs", "expr", "args", "vector_selector"):
        below = getattr(node, name, None) or []
        for one in below if isinstance(below, list) else [below]:
            yield from _parts(one)


def _grouped(node: Any) -> set[str]:
    """Labels that it aggregates or matches by."""
    modifier = getattr(node, "modifier", None)
    by = getattr(modifier, "labels", None) or getattr(
        getattr(modifier, "matching", None), "labels", None
    )
    return {*(by or ())}


@pytest.mark.parametrize("name", QUERIES)
def test_what_it_asks_for_is_there(name: str) -> None:
    known = samples() | OF_PROMETHEUS
    parts = list(_parts(promql_parser.parse(QUERIES[name])))
    selectors = {
        str(part.name): {matcher.name for matcher in part.matchers.matchers}
        for part in parts
        if isinstance(part, promql_parser.VectorSelector)
    }
    assert selectors.keys() <= known.keys()
    assert all(labels <= known[metric] for metric, labels in selectors.items())
    assert set.union(*map(_grouped, parts)) <= set.union(*(known[metric] for metric in selectors))


@pytest.mark.parametrize("name", QUERIES)
def test_the_values_it_asks_for_are_there(name: str) -> None:
    for part in _parts(promql_parser.parse(QUERIES[name])):
        if not isinstance(part, promql_parser.VectorSelector):
            continue
        known = dict(KNOWN)
        if part.name and part.name.startswith("verifications_messages_total"):
            known["status"] = {*Message.Status.values}
        for matcher in part.matchers.matchers:
            if matcher.name in known:
                assert {*matcher.value.split("|")} <= known[matcher.name], matcher.value


def test_the_tasks_that_are_named_are_all() -> None:
    names = {name for name in vars(tasks) if hasattr(vars(tasks)[name], "apply_async")}
    assert names >= KNOWN["task"]


def test_an_alert_says_what_to_do() -> None:
    for rule in ALERTS:
        assert rule["labels"]["severity"] in {"page", "ticket"}, rule["alert"]
        assert rule["annotations"].keys() == {"summary", "description"}, rule["alert"]
        assert len(rule["annotations"]["description"]) > 60, rule["alert"]


def test_an_alert_shows_only_labels_that_it_has() -> None:
    """Those that it aggregates by, or Prometheus' own."""
    for rule in ALERTS:
        shown = re.findall(r"\$labels\.(\w+)", json.dumps(rule["annotations"]))
        grouped = set.union(*map(_grouped, _parts(promql_parser.parse(rule["expr"]))))
        assert {*shown} <= grouped | {"instance"}, rule["alert"]


def test_alerts_that_are_named_in_others_or_in_the_docs_are_there() -> None:
    names = [rule["alert"] for rule in ALERTS]
    assert len(names) == len({*names})
    words = re.findall(r"\b[A-Z][a-z]+[A-Z]\w+", json.dumps(ALERTS))
    assert {word for word in words if word not in {"SystemExit"}} <= {*names}
    table = rows(read("docs/monitoring.md"), "alert")
    assert [quoted(cell)[0] for cell, *_ in table] == names


def test_the_dashboard_can_be_imported() -> None:
    assert (BOARD["uid"], BOARD["schemaVersion"] >= 36) == ("dadashop", True)
    (variable,) = BOARD["templating"]["list"]
    assert (variable["type"], variable["query"]) == ("datasource", "prometheus")
    ids = [panel["id"] for panel in BOARD["panels"]]
    assert len(ids) == len({*ids})
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert all(x < 24 for x, _ in cells)
        taken |= cells
    for panel in PANELS:
        assert panel["datasource"]["uid"] == "${datasource}"
        assert all(target["datasource"]["uid"] == "${datasource}" for target in panel["targets"])


def test_every_metric_is_looked_at() -> None:
    """By an alert or a panel; what nobody looks at need not be counted."""
    asked = " ".join(QUERIES.values())
    for name in samples():
        family = re.sub("_(bucket|sum|count)$", "", name)
        if family not in {"verifications_budget_events_total"}:  # in the log by name, too
            assert family in asked, family


@pytest.mark.skipif(not shutil.which("promtool"), reason="there is no promtool")
@pytest.mark.parametrize(
    "command",
    [
        ["check", "config", "deploy/prometheus/prometheus.yml"],
        ["check", "rules", "deploy/prometheus/alerts.yml"],
        ["test", "rules", "tests/deploy/alerts_test.yml"],
    ],
    ids=" ".join,
)
def test_prometheus_takes_them(command: list[str]) -> None:
    done = subprocess.run(
        ["promtool", *command], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
