"""The database's keys as they come in: whole numbers that fit its columns, wherever they stand."""

import marshmallow as ma
from werkzeug.routing import IntegerConverter, Map

LARGEST_KEY = 2**63 - 1


class KeyConverter(IntegerConverter):
    """`<int:…>` in an address, in plain digits; what is too large for a key is not found."""

    regex = "[0-9]{1,19}"

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_KEY)


def an_id() -> ma.fields.Integer:
    """A key in a body."""
    return ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(min=1, max=LARGEST_KEY)
    )


def an_id_in_query() -> ma.fields.Integer:
    """As `an_id`, from the text of a query."""
    return ma.fields.Integer(required=True, validate=ma.validate.Range(min=1, max=LARGEST_KEY))


def an_optional_id_in_query() -> ma.fields.Integer:
    """As `an_id_in_query`, or None where it is not named."""
    return ma.fields.Integer(load_default=None, validate=ma.validate.Range(min=1, max=LARGEST_KEY))
