"""What an account may change for a resident."""

import marshmallow as ma

from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema
from server.web.keys import an_id


class ChooseUsualCanteenSchema(StrictSchema):
    canteen_id = an_id()


class UsualCanteenSchema(AnswerSchema):
    resident_id = ma.fields.Integer()
    usual_canteen_id = ma.fields.Integer()
