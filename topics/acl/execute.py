"""Execute: read a cluster's access lists and carry out a plan, over Kafka's admin protocol.

Owns: the translation between entries and the client's objects.
Never: decides; `plan.py` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic, sleep
from typing import Final, TypeVar

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # no __all__ there
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ConfigResource,
    ResourcePatternType,
    ResourceType,
)

from schemas.access.kafka import Servers, entering
from topics.acl.entry import CLUSTER, Entry
from topics.acl.plan import AclPlan
from topics.errors import AclRefusedError, BrokerUnreachableError, TopicsError
from topics.refusal import REFUSED, refusal

Described = TypeVar("Described", AclBinding, AclBindingFilter)
TIMEOUT_S: Final = 10.0
SETTLE_PAUSE_S: Final = 0.05
AUTHORIZER: Final = "authorizer.class.name"
LISTS: Final = "whose access lists these are"
KINDS: Final = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional_id": ResourceType.TRANSACTIONAL_ID,
    "cluster": ResourceType.BROKER,  # librdkafka's name for it
}
EVERY: Final = AclBindingFilter(
    ResourceType.ANY,
    None,  # type: ignore[arg-type]  # the client's own word for "any"
    ResourcePatternType.ANY,
    None,  # type: ignore[arg-type]
    None,  # type: ignore[arg-type]
    AclOperation.ANY,
    AclPermissionType.ANY,
)
NAMES: Final[dict[object, str]] = {kind: name for name, kind in KINDS.items()}


def read_acl(kafka: Servers) -> frozenset[Entry]:
    """Return every entry of the kinds we know. Raises `TopicsError`."""
    admin = _admin(kafka)  # held until it has answered: it gives up what is open when it goes
    try:
        _refuse_blindness(kafka, admin)
        found = admin.describe_acls(EVERY, request_timeout=TIMEOUT_S).result(TIMEOUT_S + 1)
    except KafkaException as error:
        raise _named(kafka, error) from error
    if not found:
        _refuse_no_authorizer(kafka, admin)
    return frozenset(_entry(each) for each in found if each.restype in NAMES)


def apply_acl(kafka: Servers, plan: AclPlan) -> None:
    """Add what is missing, then take away: nobody is locked out in between."""
    admin = _admin(kafka)
    try:
        if plan.missing:
            added = admin.create_acls([_described(each, AclBinding) for each in plan.missing])
            for done in added.values():
                done.result(TIMEOUT_S)
        if plan.excess:
            taken = admin.delete_acls([_described(each, AclBindingFilter) for each in plan.excess])
            for gone in taken.values():
                gone.result(TIMEOUT_S)
    except KafkaException as error:
        raise _named(kafka, error) from error
    _settle(kafka, set(plan.missing), set(plan.excess))


def _refuse_blindness(kafka: Servers, admin: AdminClient) -> None:
    """Refuse when we may not look.

    confluent-kafka 2.16 drops the error of `describe_acls`: who may not look is shown no entries.
    """
    asked = admin.describe_cluster(include_authorized_operations=True, request_timeout=TIMEOUT_S)
    if AclOperation.DESCRIBE not in (asked.result(TIMEOUT_S + 1).authorized_operations or ()):
        raise AclRefusedError(refusal(kafka, KafkaError.CLUSTER_AUTHORIZATION_FAILED, LISTS))


def _refuse_no_authorizer(kafka: Servers, admin: AdminClient) -> None:
    """Tell empty lists from none at all, for which `describe_acls` has no error either."""
    try:
        broker = str(min(admin.list_topics(timeout=TIMEOUT_S).brokers))
        resource = ConfigResource(ConfigResource.Type.BROKER, broker)
        found = admin.describe_configs([resource], request_timeout=TIMEOUT_S)[resource]
        authorizer = found.result(TIMEOUT_S + 1).get(AUTHORIZER)
    except KafkaException as error:
        raise _named(kafka, error) from error
    if authorizer is None or not authorizer.value:
        why = f"the brokers have no authorizer ({AUTHORIZER}): everybody may do everything"
        raise AclRefusedError(f"{kafka}: {why}")


def _settle(kafka: Servers, added: Iterable[Entry], taken: Iterable[Entry]) -> None:
    """Wait until the broker shows what was done: its controller knows before it does."""
    deadline = monotonic() + TIMEOUT_S
    while monotonic() < deadline:
        found = read_acl(kafka)
        if found.issuperset(added) and found.isdisjoint(taken):
            return
        sleep(SETTLE_PAUSE_S)


def _admin(kafka: Servers) -> AdminClient:
    return AdminClient({**entering(kafka), "log_level": 0})


def _named(kafka: Servers, error: KafkaException) -> TopicsError:
    cause = error.args[0]
    code = cause.code() if isinstance(cause, KafkaError) else 0
    if code in REFUSED:
        return AclRefusedError(refusal(kafka, code, LISTS))
    return BrokerUnreachableError(kafka, cause.name() if isinstance(cause, KafkaError) else "")


def _entry(found: AclBinding) -> Entry:
    kind = NAMES[found.restype]
    return Entry(
        found.principal,
        AclOperation(found.operation).name.lower(),
        kind,
        CLUSTER if kind == "cluster" else found.name,
        found.resource_pattern_type == ResourcePatternType.PREFIXED,
        found.host,
        found.permission_type == AclPermissionType.DENY,
    )


def _pattern(entry: Entry) -> ResourcePatternType:
    return ResourcePatternType.PREFIXED if entry.prefixed else ResourcePatternType.LITERAL


def _permission(entry: Entry) -> AclPermissionType:
    return AclPermissionType.DENY if entry.denied else AclPermissionType.ALLOW


def _described(entry: Entry, form: type[Described]) -> Described:
    """Return an entry in the client's words: as one to make, or as what to look for."""
    return form(
        KINDS[entry.kind],
        entry.name,
        _pattern(entry),
        entry.principal,
        entry.host,
        AclOperation[entry.operation.upper()],
        _permission(entry),
    )
