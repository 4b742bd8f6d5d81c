"""An answer is chosen by its schema and written by orjson, exactly as marshmallow would."""

from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

import marshmallow as ma
import orjson

from server.web.answers import AnswerSchema


class Colour(StrEnum):
    RED = "red"


class InnerSchema(AnswerSchema):
    name = ma.fields.String()
    at = ma.fields.AwareDateTime(allow_none=True)


class OuterSchema(AnswerSchema):
    id = ma.fields.Integer()
    first_day = ma.fields.Date(data_key="from")
    colour = ma.fields.String()
    is_here = ma.fields.Boolean()
    marks = ma.fields.List(ma.fields.String(), allow_none=True)
    inner = ma.fields.Nested(InnerSchema, allow_none=True)
    inners = ma.fields.List(ma.fields.Nested(InnerSchema))


MOMENTS = (
    datetime(2026, 11, 22, 4, 35, 22, 559026, tzinfo=UTC),
    datetime(2026, 11, 22, 4, 35, tzinfo=UTC),
    datetime(2026, 11, 22, 12, 35, tzinfo=timezone(timedelta(hours=8))),
    None,
)
GIVEN = {
    "id": 7,
    "first_day": date(2026, 11, 22),
    "colour": Colour.RED,
    "is_here": True,
    "marks": ["a"],
    "inner": {"name": "一", "at": None, "secret": 1},
    "inners": [{"name": "二", "at": at} for at in MOMENTS],
    "secret": "not in the schema",
}


def written(value):
    return orjson.loads(orjson.dumps(value))


def test_it_writes_what_marshmallow_would():
    plainly = ma.Schema.dump(OuterSchema(), GIVEN)

    assert written(OuterSchema().dump(GIVEN)) == written(plainly)
    assert list(OuterSchema().dump(GIVEN)) == list(plainly)


def test_members_that_the_schema_does_not_name_stay_inside():
    answer = OuterSchema().dump(GIVEN)

    assert "secret" not in answer
    assert "secret" not in answer["inner"]


def test_an_absent_member_is_left_out_and_nothing_is_nothing():
    assert OuterSchema().dump({"inner": None, "marks": None}) == {"marks": None, "inner": None}


def test_many():
    assert InnerSchema(many=True).dump([{"name": "a"}, {"name": "b"}]) == [
        {"name": "a"},
        {"name": "b"},
    ]
