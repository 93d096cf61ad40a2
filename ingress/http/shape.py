"""Shape: the JSON of each command, as the OpenAPI document describes it.

Owns: one schema per kind of field, from the SDK's own table, so that both doors take the same.
Never: checks a value; `ingress.sdk.fields` does, for both doors.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from ingress.sdk.bodies import BODIES, FieldSpec, Kind
from ingress.sdk.fields import CONDITIONS_MAX, CURRENCIES_MAX, TEXT_MAX
from schemas.messages.vocabulary import Authentication
from schemas.values import ID_LENGTH_MAX, WALLET_ID
from schemas.wire import INT_MAX, LONG_MAX

Schema = dict[str, Any]

MONEY: Final = frozenset({Kind.AMOUNT, Kind.LIMIT})
ID_PATTERN: Final = f"^{WALLET_ID.pattern}$"
# What many fields are, described once in the document.
COMPONENTS: Final[dict[str, Schema]] = {
    "Id": {"type": "string", "maxLength": ID_LENGTH_MAX, "pattern": ID_PATTERN},
    "CurrencyCode": {
        "type": "string",
        "pattern": "^[A-Z]{3}$",
        "description": "ISO 4217 code, or PTS",
        "examples": ["EUR"],
    },
    "Decimal": {
        "type": "string",
        "pattern": r"^\d+(\.\d+)?$",
        "description": "Decimal text in the currency's own digits; never a JSON number",
        "examples": ["12.50"],
    },
    "Text": {"type": "string", "minLength": 1, "maxLength": TEXT_MAX},
    "Whole": {"type": "integer", "minimum": 0, "maximum": LONG_MAX},
}


def reference(name: str) -> Schema:
    """Return the reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


ID, CURRENCY, DECIMAL, TEXT, WHOLE = map(reference, COMPONENTS)
ITEM: Final[Schema] = {
    "type": "object",
    "required": ["to_wallet_id", "currency", "amount", "reference"],
    "properties": {"to_wallet_id": ID, "currency": CURRENCY, "amount": DECIMAL, "reference": TEXT},
    "additionalProperties": False,
}
KINDS: Final[dict[Kind, Schema]] = {
    Kind.ID: ID,
    Kind.PAYMENT: {
        "type": "string",
        "description": "Payer's wallet id, a slash, id of the command that paid",
        "examples": ["w-1/pay-7"],
    },
    Kind.TEXT: TEXT,
    Kind.CURRENCY: CURRENCY,
    Kind.CURRENCIES: {
        "type": "array",
        "items": CURRENCY,
        "minItems": 1,
        "maxItems": CURRENCIES_MAX,
        "uniqueItems": True,
    },
    Kind.AMOUNT: DECIMAL,
    Kind.LIMIT: DECIMAL,
    Kind.SECONDS: WHOLE,
    Kind.NUMBER: {"type": "integer", "minimum": 1, "maximum": INT_MAX},
    Kind.FLAG: {"type": "boolean"},
    Kind.COUNT: {"type": "integer", "minimum": 0, "maximum": INT_MAX},
    Kind.ITEMS: {"type": "array", "items": ITEM, "minItems": 1},
}
CONDITIONS: Final[Schema] = {
    "type": "array",
    "maxItems": CONDITIONS_MAX,
    "description": "What must hold when the command is decided, else it is CONDITION_FAILED",
    "items": {
        "oneOf": [
            {
                "type": "object",
                "required": ["available", "currency"],
                "properties": {"available": DECIMAL, "currency": CURRENCY},
                "additionalProperties": False,
            },
            {
                "type": "object",
                "required": ["sequence"],
                "properties": {"sequence": WHOLE},
                "additionalProperties": False,
            },
            {
                "type": "object",
                "required": ["schedule"],
                "properties": {"schedule": ID},
                "additionalProperties": False,
            },
        ]
    },
}
ORIGIN: Final[Schema] = {
    "type": "object",
    "description": "Where the command comes from, as far as the caller knows",
    "properties": {
        "instrument": TEXT,
        "device_id": TEXT,
        "country": {"type": "string", "pattern": "^[A-Z]{2}$"},
        "mcc": {"type": "string", "pattern": "^[0-9]{4}$"},
        "authentication": {"type": "string", "enum": list(Authentication.__members__)},
    },
    "additionalProperties": False,
}
# How a caller says who it is; each is a word after `Authorization: Bearer`.
SCHEMES: Final[dict[str, Schema]] = {
    "ApiKey": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "<id>.<secret>",
        "description": "A key of this door",
    },
    "Token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token that the identity provider signed",
    },
    "Session": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "ledger-session_<secret>",
        "description": "What POST /v1/sessions gives for a key and a code",
    },
}
COMPONENTS["Conditions"] = CONDITIONS
COMPONENTS["Origin"] = ORIGIN
ENVELOPE: Final[Schema] = {
    "conditions": reference("Conditions"),
    "origin": reference("Origin"),
    "dry_run": {"type": "boolean", "description": "Only tell what would happen"},
    "issued_at": {
        "type": "integer",
        "minimum": 1,
        "maximum": LONG_MAX,
        "description": "The caller's time, microseconds since 1970-01-01 UTC",
    },
}


def field_schema(field: FieldSpec) -> Schema:
    """Return the schema of one field."""
    if field.kind is Kind.SYMBOL:
        assert field.symbols is not None, "a SYMBOL field names its enum"
        return {"type": "string", "enum": list(field.symbols.__members__)}
    return KINDS[field.kind]


def body_schema(command: str, given: Collection[str]) -> Schema:
    """Return the schema of a command's body; `given` are the fields that its path says."""
    fields = [field for field in BODIES[command].fields if field.name not in given]
    properties = {field.name: field_schema(field) for field in fields}
    required = [field.name for field in fields if not field.optional]
    for field in fields:
        # CaptureHold and ReleaseEscrow have no currency on the wire; their amount's text needs one.
        if field.kind in MONEY and field.currency not in properties:
            properties[field.currency] = CURRENCY
            required.append(field.currency)
    return {
        "type": "object",
        "title": command,
        "required": required,
        "properties": {**properties, **ENVELOPE},
        "additionalProperties": False,
    }
