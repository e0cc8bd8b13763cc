"""What the bench prints and writes, and the bars it holds the product to."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

# name -> (at least or at most, of what, how much)
BARS = {
    "http.verify": (">=", "ratio", 0.85),
    "http.send": (">=", "ratio", 0.75),
    "http.send_queued": (">=", "ratio", 0.80),
    "http.verify_tail": ("<=", "value", 3),
    "http.send_tail": ("<=", "value", 3),
    "http.queued_tail": ("<=", "value", 3),
    "web.rss": ("<=", "value", 90),
    "redis.issue_us": ("<=", "value", 25),
    "redis.check_us": ("<=", "value", 8),
    "redis.bytes_per_code": ("<=", "value", 220),
    "startup.seconds": ("<=", "value", 1.5),
    "notices.throughput": (">=", "ratio", 30),
    "notices.cpu": ("<=", "ratio", 0.6),
    "notices.batch": (">=", "ratio", 200),
    "worker.rss_growth": ("<=", "value", 5),
}
# Of `python -m benchmarks.peers`, by how much the product does more than each with earlier phones.
_AGED = {"drfpasswordless": 30, "phone_verify": 30, "allauth": 10}
PEER_BARS = {
    **{f"{peer}.{kind}": (">=", "ratio", 5) for peer in _AGED for kind in ("send", "verify")},
    **{f"{peer}.{kind}.aged": (">=", "ratio", bar)
       for peer, bar in _AGED.items() for kind in ("send", "verify")},
    "growth.send": (">=", "ratio", 0.9),
    "growth.verify": (">=", "ratio", 0.9),
}  # fmt: skip
_HELD = BARS | PEER_BARS


@dataclass(frozen=True)
class Row:
    """`value`, `baseline` and `ratio` are medians; `ratio` is that of each round, then the median.

    `spread` is the least and the most of the ratio, or of the value where there is no baseline.
    """

    name: str
    value: float
    unit: str
    baseline: float | None
    ratio: float | None
    runs: int
    spread: list[float]

    @property
    def bar(self) -> str:
        return " ".join(map(str, _HELD[self.name])) if self.name in _HELD else ""

    @property
    def passed(self) -> bool:
        if self.name not in _HELD:
            return True
        sense, what, bar = _HELD[self.name]
        figure = self.ratio if what == "ratio" else self.value
        if figure is None:
            return False
        return figure >= bar if sense == ">=" else figure <= bar


def row(name: str, unit: str, values: list[float], baselines: list[float] | None = None) -> Row:
    """A Row of one value a round, with the baseline of the same round."""
    ratios = [v / b for v, b in zip(values, baselines, strict=True)] if baselines else []
    spread = ratios or values
    return Row(
        name=name,
        value=_rounded(median(values)),
        unit=unit,
        baseline=_rounded(median(baselines)) if baselines else None,
        ratio=_rounded(median(ratios)) if ratios else None,
        runs=len(values),
        spread=[_rounded(min(spread)), _rounded(max(spread))],
    )


def _rounded(value: float) -> float:
    """Four figures; more would be noise."""
    return float(f"{value:.4g}")


def table(rows: list[Row]) -> str:
    head = ["name", "value", "unit", "baseline", "ratio", "runs", "spread", "bar", ""]
    cells = [head, *([*_cells(each)] for each in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )


def _cells(each: Row) -> list[str]:
    verdict = "" if not each.bar else "ok" if each.passed else "MISSED"
    return [
        each.name,
        f"{each.value:,g}",
        each.unit,
        "" if each.baseline is None else f"{each.baseline:,g}",
        "" if each.ratio is None else f"{each.ratio:.3f}",
        str(each.runs),
        " to ".join(f"{end:,g}" for end in each.spread),
        each.bar,
        verdict,
    ]


def write(rows: list[Row], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(each) for each in rows], indent=2) + "\n")


def largest(parts: dict[str, float], unit: str, count: int = 3) -> str:
    """`EVALSHA 80 us (31 %), ...` of the largest parts."""
    whole = sum(parts.values())
    ordered = sorted(parts.items(), key=lambda part: -part[1])[:count]
    return ", ".join(f"{name} {size:.0f} {unit} ({size / whole:.0%})" for name, size in ordered)
