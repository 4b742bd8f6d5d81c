"""A copy of what is kept of oneself."""

import marshmallow as ma

from server.web.answers import AnswerSchema


class ColumnSchema(AnswerSchema):
    name = ma.fields.String()
    word = ma.fields.String(metadata={"description": "What it is called, to the reader."})


class PartSchema(AnswerSchema):
    name = ma.fields.String()
    word = ma.fields.String()
    columns = ma.fields.List(ma.fields.Nested(ColumnSchema))
    rows = ma.fields.List(ma.fields.Dict())


class LeftOutSchema(AnswerSchema):
    word = ma.fields.String()
    why = ma.fields.String()


class OwnDataSchema(AnswerSchema):
    made_at = ma.fields.AwareDateTime()
    parts = ma.fields.List(ma.fields.Nested(PartSchema))
    left_out = ma.fields.List(ma.fields.Nested(LeftOutSchema))
