"""The configuration files of the servers, as text.

Owns: every setting of Kafka, Cassandra, PostgreSQL and Valkey, each with its reason.
Never: touches the disk, a process or a clock.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

# A worker that was away for weeks still finds its transactional id, and with it its fence.
# The setting is a 32-bit number: 24.8 days is the longest Kafka can be told.
TRANSACTIONAL_ID_EXPIRATION_MS: Final = 2**31 - 1
# The topics allow batches of 1 MiB; a broker counts the batch with its header.
MESSAGE_MAX_BYTES: Final = 1024 * 1024 + 64 * 1024
ASCII_END: Final = 0x80
KAFKA_HEAP: Final = ("-Xms512m", "-Xmx512m")
CASSANDRA_HEAP: Final = ("-Xms128m", "-Xmx512m")
# Of a program that lives for minutes the optimizing compiler takes more time than it saves.
QUICK_JAVA: Final = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
SUSTAINED_JAVA: Final = ("-XX:+UseG1GC",)

# Cassandra reaches into these packages on Java 17.
CASSANDRA_OPENS: Final = ("java.base/jdk.internal.ref", "java.base/sun.nio.ch", "java.base/java.io")


def kafka_properties(
    port: int, controller_port: int, data: Path, overrides: Mapping[str, str]
) -> str:
    """Render `server.properties` of a single broker that is its own controller."""
    client, controller = f"127.0.0.1:{port}", f"127.0.0.1:{controller_port}"
    settings = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{controller}",
        "listeners": f"PLAINTEXT://{client},CONTROLLER://{controller}",
        "advertised.listeners": f"PLAINTEXT://{client}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": str(data),
        **KAFKA_LEDGER,
        **KAFKA_SINGLE_NODE,
        **overrides,
    }
    return "".join(f"{name}={_escaped(value)}\n" for name, value in settings.items())


def _escaped(value: str) -> str:
    # Java reads such a file as Latin-1, with escapes for everything else.
    units = value.replace("\\", r"\\").encode("utf-16-be")
    pairs = (units[at] << 8 | units[at + 1] for at in range(0, len(units), 2))
    return "".join(chr(unit) if unit < ASCII_END else f"\\u{unit:04x}" for unit in pairs)


# What the ledger relies on; docker-compose.yml must say the same (a contract test compares).
KAFKA_LEDGER: Final[Mapping[str, str]] = {
    # Topics come from the catalogue; one made by a typo would have the wrong partition count.
    "auto.create.topics.enable": "false",
    # The broker refuses a produce to a partition that was not added to the transaction.
    "transaction.partition.verification.enable": "true",
    "unclean.leader.election.enable": "false",
    "transactional.id.expiration.ms": str(TRANSACTIONAL_ID_EXPIRATION_MS),
    # How soon the open transaction of a dead worker stops holding back readers.
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "2000",
    "message.max.bytes": str(MESSAGE_MAX_BYTES),
    "replica.fetch.max.bytes": str(MESSAGE_MAX_BYTES),
    # Chaos tests use sessions of 3 s; the default lower bound is 6 s.
    "group.min.session.timeout.ms": "3000",
    "group.initial.rebalance.delay.ms": "0",
}

KAFKA_SINGLE_NODE: Final[Mapping[str, str]] = {
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    # A broker that was killed comes back when its old session has run out: 9 s by default.
    "broker.session.timeout.ms": "5000",
    "broker.heartbeat.interval.ms": "1000",
    # The default of 128 MiB is more than a laptop's broker ever needs.
    "log.cleaner.dedupe.buffer.size": "16777216",
    "log.segment.bytes": "67108864",
}


def kafka_log4j() -> str:
    """Render a log4j2 configuration that writes to the log file of the process."""
    return """\
status = warn
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %-5p %m (%c{1})%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
# One line for every segment rolled, snapshot taken and setting read is more than anybody reads.
logger.log.name = org.apache.kafka.storage.internals.log
logger.log.level = warn
logger.config.name = org.apache.kafka.common.config
logger.config.level = warn
"""


def kafka_java(settings: Path, *, quick: bool) -> tuple[str, ...]:
    """Return the options of the Java that runs Kafka."""
    return (
        *KAFKA_HEAP,
        *(QUICK_JAVA if quick else SUSTAINED_JAVA),
        "-Djava.awt.headless=true",
        f"-Dlog4j2.configurationFile={settings}",
    )


def cassandra_yaml(native_port: int, storage_port: int) -> str:
    """Render `cassandra.yaml` of a single node. JSON values are YAML too."""
    return f"""\
cluster_name: wallet-ledger
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
num_tokens: 1
listen_address: 127.0.0.1
rpc_address: 127.0.0.1
storage_port: {storage_port}
start_native_transport: true
native_transport_port: {native_port}
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "127.0.0.1:{storage_port}"
commitlog_sync: periodic
commitlog_sync_period: 10s
auto_snapshot: false
# For a few cores: threads beyond them only wait, and Java's compilers with them.
concurrent_reads: 8
concurrent_writes: 8
native_transport_max_threads: 16
# A loaded laptop is slow, not broken.
write_request_timeout: 10s
read_request_timeout: 10s
request_timeout: 20s
"""


def cassandra_logback() -> str:
    """Render a logback configuration; without one Cassandra floods the log at debug level."""
    return """\
<configuration>
  <appender name="STDOUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%date{ISO8601} %-5level %msg \\(%logger{0}\\)%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="STDOUT"/></root>
  <logger name="org.apache.cassandra.config.Config" level="WARN"/>
  <logger name="org.apache.cassandra.db.ColumnFamilyStore" level="WARN"/>
</configuration>
"""


def cassandra_java(folder: Path, *, quick: bool) -> tuple[str, ...]:
    """Return the options of the Java that runs Cassandra."""
    opens = tuple(f"--add-opens={package}=ALL-UNNAMED" for package in CASSANDRA_OPENS)
    system = {
        "cassandra.config": (folder / "cassandra.yaml").as_uri(),
        "cassandra.storagedir": str(folder / "data"),
        "cassandra.logdir": str(folder / "data"),
        "cassandra-foreground": "yes",
        "logback.configurationFile": str(folder / "logback.xml"),
        # One node has nobody to wait for.
        "cassandra.skip_wait_for_gossip_to_settle": "0",
        "cassandra.ring_delay_ms": "0",
        "cassandra.shutdown_announce_in_ms": "0",
        # Measured by Cassandra at every start unless given.
        "cassandra.memtable.row_overhead_size": "181",
    }
    compiler = QUICK_JAVA if quick else SUSTAINED_JAVA
    properties = tuple(f"-D{name}={value}" for name, value in system.items())
    return (*CASSANDRA_HEAP, *compiler, *opens, *properties)


def postgres_options(port: int) -> tuple[str, ...]:
    """Return the settings given to PostgreSQL on its command line."""
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        # TCP alone: a socket path can be too long and its folder not ours.
        "unix_socket_directories": "",
        "max_connections": "100",
        "shared_buffers": "128MB",
        "max_wal_size": "512MB",
        "timezone": "UTC",
        "log_min_messages": "warning",
    }
    return tuple(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))


def valkey_options(port: int, data: Path) -> tuple[str, ...]:
    """Return the settings given to Valkey on its command line."""
    settings = {
        "bind": "127.0.0.1",
        "port": str(port),
        "dir": str(data),
        "daemonize": "no",
        "databases": "16",
        # Balances survive a restart; the log could rebuild them, a developer should not have to.
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        # A full disk must not look like a dead server.
        "stop-writes-on-bgsave-error": "no",
    }
    return tuple(part for name, value in settings.items() for part in (f"--{name}", value))
