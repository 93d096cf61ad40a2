"""Samples: the same few values of a schema, for ever.

Owns: how a locked schema becomes sample values, without chance and without our own codec.
Never: changes an algorithm here: golden files of released versions were made by it.

`empty`: nulls, empty arrays, zeros; `full`: everything present, every branch of a union in an
array; `extreme`: the largest and smallest numbers, text beyond ASCII. A union outside an array
takes its first, second and last branch in turn.
"""

SAMPLES = ("empty", "full", "extreme")
TEXTS = {"empty": "", "full": "wal-00001234", "extreme": "Zoë € 𝄞 " * 5}
LONGS = {"empty": (0,), "full": (1764000000123456, -250000, 63), "extreme": (2**63 - 1, -(2**63))}
INTS = {"empty": (0,), "full": (7, -65), "extreme": (2**31 - 1, -(2**31))}
BLOBS = {"empty": b"", "full": bytes(range(16)), "extreme": b"\xff" * 70}


class Sampler:
    """Makes one sample value of a schema; numbers take turns along the way."""

    def __init__(self, sample):
        self.sample = sample
        self.named = {}
        self.turn = 0

    def value(self, schema):
        if isinstance(schema, list):
            return self.union(schema)
        if isinstance(schema, str):
            return self.value(self.named[schema]) if schema in self.named else self.leaf(schema)
        if schema["type"] == "array":
            return self.items(schema["items"])
        if schema["type"] == "enum":
            self.named[schema["name"]] = schema
            symbols = schema["symbols"]
            return symbols[{"empty": 0, "full": 1, "extreme": -1}[self.sample] % len(symbols)]
        self.named[schema["name"]] = schema
        return {field["name"]: self.value(field["type"]) for field in schema["fields"]}

    def union(self, branches):
        if self.sample == "empty" and branches[0] == "null":
            for each in branches[1:]:
                self.learn(each)
            return None
        real = [each for each in branches if each != "null"]
        chosen = real[{"empty": 0, "full": 1, "extreme": -1}[self.sample] % len(real)]
        values = [(self.name(each), self.value(each)) for each in real]
        if len(real) == 1:
            return values[0][1]
        return next(value for value in values if value[0] == self.name(chosen))

    def items(self, schema):
        if isinstance(schema, list):
            values = [(self.name(each), self.value(each)) for each in schema]
        else:
            values = [self.value(schema) for _ in range(3)]
        return [] if self.sample == "empty" else values

    def learn(self, schema):
        """Remember the names a skipped value would have defined."""
        self.value(schema)

    @staticmethod
    def name(schema):
        return schema["name"] if isinstance(schema, dict) else schema

    def leaf(self, kind):
        if kind == "boolean":
            return self.sample != "empty"
        if kind == "string":
            return TEXTS[self.sample]
        if kind == "bytes":
            return BLOBS[self.sample]
        self.turn += 1
        numbers = (INTS if kind == "int" else LONGS)[self.sample]
        return numbers[self.turn % len(numbers)]
