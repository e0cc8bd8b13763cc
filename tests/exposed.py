"""All metrics that the product exposes, from its registry: their types and labels."""

from typing import NamedTuple

from prometheus_client.metrics import MetricWrapperBase

from verifications import gauges, metrics


class Exposed(NamedTuple):
    type: str
    labels: tuple[str, ...]


def families() -> dict[str, Exposed]:
    """{name: ...}, a counter's with its `_total`. Redis and the database have to answer."""
    found = {}
    for one in vars(metrics).values():
        if isinstance(one, MetricWrapperBase):
            (family,) = one.describe()
            name = family.name + ("_total" if family.type == "counter" else "")
            found[name] = Exposed(family.type, tuple(one._labelnames))
    for family in gauges.Gauges().collect():
        labels: tuple[str, ...] = getattr(family, "_labelnames", ())
        found[family.name] = Exposed(family.type, tuple(labels))
    return found


def samples() -> dict[str, set[str]]:
    """{name of a series: its labels}: what PromQL may name."""
    found = {}
    for name, (kind, labels) in families().items():
        endings = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
        for ending in endings:
            found[name + ending] = {*labels, "le"} if ending == "_bucket" else {*labels}
    return found
