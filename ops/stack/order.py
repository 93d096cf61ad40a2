"""What somebody asked to be brought up: a stack with workers and sinks.

Owns: the order and its JSON, in which it travels to the supervisor.
Never: carries it out.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.stack import workers
from ops.stack.config import Endpoints, Layout, StackConfig
from ops.stack.errors import ConfigError
from ops.stack.workers import DEFAULT_ENV, ProcessSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A stack and the processes to keep up beside it."""

    config: StackConfig
    workers: int = 0
    sinks: bool = False
    settlement: bool = False
    scheduler: bool = False
    automation: bool = False
    reconciliation: bool = False
    http: int = 0  # port of the entrance; 0: none
    publish: bool = False
    webhooks: bool = False
    lake: bool = False
    risk: bool = False
    ledger_env: str = DEFAULT_ENV

    def __post_init__(self) -> None:
        """Refuse workers and sinks without the log they read."""
        jobs = (self.settlement, self.automation, self.scheduler, self.reconciliation)
        later = (self.publish, self.risk, self.webhooks, self.lake)
        if (
            any((self.workers, self.sinks, self.http, *jobs, *later))
            and "kafka" not in self.config.services
        ):
            raise ConfigError("workers and sinks need kafka among the services")
        if self.webhooks and "postgres" not in self.config.services:
            raise ConfigError("webhooks need postgres among the services")

    def processes(self, endpoints: Endpoints) -> tuple[ProcessSpec, ...]:
        """Return the processes to start once the servers are ready."""
        layout = Layout(self.config.root)
        numbers = range(1, self.workers + 1)
        names = [f"worker-{number}" for number in numbers]
        writers = [workers.worker(name, endpoints, layout, self.ledger_env) for name in names]
        jobs = [workers.SETTLEMENT] if self.settlement else []
        jobs += [workers.AUTOMATION] if self.automation else []
        jobs += [workers.SCHEDULER] if self.scheduler else []
        jobs += workers.RECONCILIATION if self.reconciliation else ()
        jobs += [workers.PUBLISH] if self.publish else []
        jobs += [workers.RISK] if self.risk else []
        writers += [workers.worker(job, endpoints, layout, self.ledger_env, job) for job in jobs]
        stores = workers.sinks_of(endpoints) if self.sinks else ()
        readers = [workers.sink(store, endpoints) for store in stores]
        if self.reconciliation:
            audited = [store for store in stores if store in workers.AUDITED]
            readers += [workers.auditor(store, endpoints) for store in audited]
        doors = [workers.door(self.http, endpoints)] if self.http else []
        doors += [workers.webhooks(endpoints)] if self.webhooks else []
        doors += [workers.lake(endpoints, layout)] if self.lake else []
        return (*writers, *readers, *doors)


def dump(order: Order) -> str:
    """Return the order as JSON."""
    config = order.config
    return json.dumps(
        {
            "config": {
                "root": str(config.root),
                "services": list(config.services),
                "ports": dict(config.ports),
                "tuning": config.tuning,
                "start_deadline_s": config.start_deadline_s,
                "kafka_overrides": dict(config.kafka_overrides),
            },
            "workers": order.workers,
            "sinks": order.sinks,
            "settlement": order.settlement,
            "scheduler": order.scheduler,
            "automation": order.automation,
            "reconciliation": order.reconciliation,
            "http": order.http,
            "publish": order.publish,
            "webhooks": order.webhooks,
            "lake": order.lake,
            "risk": order.risk,
            "ledger_env": order.ledger_env,
        }
    )


def load(text: str) -> Order:
    """Read an order from JSON."""
    raw = json.loads(text)
    return Order(
        config=_config(raw["config"]),
        workers=raw["workers"],
        sinks=raw["sinks"],
        settlement=raw["settlement"],
        scheduler=raw["scheduler"],
        automation=raw["automation"],
        reconciliation=raw["reconciliation"],
        http=raw["http"],
        publish=raw["publish"],
        webhooks=raw["webhooks"],
        lake=raw["lake"],
        risk=raw["risk"],
        ledger_env=raw["ledger_env"],
    )


def _config(raw: Mapping[str, Any]) -> StackConfig:
    return StackConfig(
        root=Path(raw["root"]),
        services=tuple(raw["services"]),
        ports=raw["ports"],
        tuning=raw["tuning"],
        start_deadline_s=raw["start_deadline_s"],
        kafka_overrides=raw["kafka_overrides"],
    )
