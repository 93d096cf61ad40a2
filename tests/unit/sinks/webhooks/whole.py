"""A fact with something in every column that must have something, so that it can be encoded."""

import inspect

from schemas.messages.vocabulary import Purpose


def whole(fact):
    """Fill what is None and may not be."""
    kind = type(fact)
    empty = {"str": "x", "int": 0, "bool": False, "Purpose": next(iter(Purpose))}
    given = {}
    for name, parameter in inspect.signature(kind).parameters.items():
        value = getattr(fact, name)
        if value is None and "None" not in str(parameter.annotation):
            value = empty[str(parameter.annotation)]
        given[name] = value
    return kind(**given)
