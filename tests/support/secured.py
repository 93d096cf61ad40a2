"""Servers that ask who you are: certificates made here, and a broker with a guarded door.

Owns: a little authority and what it signs; the second listener of a stack's broker: TLS, SCRAM and
the authorizer of KRaft.
Never: a secret that outlives the folder it is given.

The first listener stays open for whoever prepares the test: on it everybody is the super user
ANONYMOUS, as the broker is to itself.
"""

import datetime as dt
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka.admin import (
    AdminClient,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ops.stack import Stack, StackConfig, ports
from ops.stack.config import Layout

GUARDED = "kafka-guarded"
HOST = "127.0.0.1"
MECHANISM = "SCRAM-SHA-512"
LIFE = dt.timedelta(days=1)
LOCALHOST = x509.DNSName("localhost")
LOOPBACK = (LOCALHOST, x509.IPAddress(ipaddress.ip_address(HOST)))
CLIENT_S = 10


@dataclass(frozen=True, slots=True)
class Papers:
    """The files of one holder: certificate, key, and both in one for a Java server."""

    cert: Path
    key: Path
    both: Path


class Authority:
    """Signs certificates into a folder; its own is `ca`."""

    def __init__(self, folder):
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(folder.name)
        self.ca = folder / "ca.pem"
        self.ca.write_bytes(
            _pem(self._signed(self._name, self._key, x509.BasicConstraints(True, None)))
        )

    def papers(self, name, of=LOOPBACK):
        """Make a certificate for a name, good on loopback as server and as client."""
        key = ec.generate_private_key(ec.SECP256R1())
        alternatives = x509.SubjectAlternativeName(of)
        cert = _pem(self._signed(_named(name), key, alternatives))
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        made = Papers(*(self.folder / f"{name}.{end}" for end in ("crt", "key", "pem")))
        for path, content in ((made.cert, cert), (made.key, secret), (made.both, secret + cert)):
            path.write_bytes(content)
            path.chmod(0o600)
        return made

    def _signed(self, subject, key, *extensions):
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - LIFE)
            .not_valid_after(now + LIFE)
        )
        for extension in extensions:
            builder = builder.add_extension(
                extension, critical=isinstance(extension, x509.BasicConstraints)
            )
        return builder.sign(self._key, hashes.SHA256())


def guarded_stack(root, say):
    """Return a stack of one broker whose second door is guarded, and that door's address."""
    at = ports.settle(Layout(root).ports, ("kafka", "kafka-controller", GUARDED), {})
    authority = Authority(root)
    door = f"{HOST}:{at[GUARDED]}"
    listeners = f"PLAINTEXT://{HOST}:{at['kafka']},GUARDED://{door}"
    guarded = "listener.name.guarded."
    overrides = {
        "listeners": f"{listeners},CONTROLLER://{HOST}:{at['kafka-controller']}",
        "advertised.listeners": listeners,
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,GUARDED:SASL_SSL,"
        "CONTROLLER:PLAINTEXT",
        "sasl.enabled.mechanisms": MECHANISM,
        f"{guarded}{MECHANISM.lower()}.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        f"{guarded}ssl.keystore.type": "PEM",
        f"{guarded}ssl.keystore.location": str(authority.papers("broker").both),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
    }
    config = StackConfig(root=root, services=("kafka",), kafka_overrides=overrides)
    return Stack(config, say=say), door, authority


def enrol(address, **passwords):
    """Make users of the broker, by its open door."""
    info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
    admin = AdminClient({"bootstrap.servers": address})
    wishes = [
        UserScramCredentialUpsertion(user, info, password.encode())
        for user, password in passwords.items()
    ]
    for done in admin.alter_user_scram_credentials(wishes).values():
        done.result(CLIENT_S)


def _named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)
