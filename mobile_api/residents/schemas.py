"""What an account may change for a resident."""

import marshmallow as ma

from server.web.blueprints import StrictSchema


class ChooseUsualCanteenSchema(StrictSchema):
    canteen_id = ma.fields.Integer(required=True, strict=True)


class UsualCanteenSchema(ma.Schema):
    resident_id = ma.fields.Integer()
    usual_canteen_id = ma.fields.Integer()
