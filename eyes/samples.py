"""Samples: rows of plain values as families of Prometheus.

Owns: the form in which a value leaves the process.
Never: keeps a value: a page is made of the last thing told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, final

from prometheus_client import Metric as Family
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.registry import Collector
from typing_extensions import override

from eyes.names import Metric

Labels = Sequence[str]


@final
class Page(Collector):
    """The samples of one scrape."""

    def __init__(self) -> None:
        self._families: Final[
            dict[str, CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily]
        ] = {}

    def add(self, metric: Metric, labels: Labels, value: object) -> None:
        """Add one value; what is no number is not known, and left out."""
        if isinstance(value, bool | int | float):
            family = self._family(metric)
            assert not isinstance(family, HistogramMetricFamily), "has buckets of its own"
            family.add_metric(list(labels), float(value))

    def add_buckets(self, metric: Metric, labels: Labels, told: object) -> None:
        """Add a histogram as `Histogram.report` gives it."""
        if isinstance(told, dict):
            family = self._family(metric)
            assert isinstance(family, HistogramMetricFamily), "is told in buckets"
            buckets = list(zip(map(_bound, told["bounds"]), told["counts"], strict=True))
            family.add_metric(list(labels), buckets, told["sum"])

    @override
    def collect(self) -> Iterator[Family]:
        """Yield the families."""
        yield from self._families.values()

    def _family(
        self, metric: Metric
    ) -> CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily:
        if metric.name not in self._families:
            self._families[metric.name] = _KINDS[metric.kind](
                metric.name, metric.about, labels=metric.labels
            )
        return self._families[metric.name]


def _bound(bound: float | None) -> str:
    return "+Inf" if bound is None else f"{bound:g}"


_KINDS: Final = {
    "counter": CounterMetricFamily,
    "gauge": GaugeMetricFamily,
    "histogram": HistogramMetricFamily,
}
