"""What is typed at the door."""

import marshmallow as ma

from server.web.blueprints import StrictSchema


class SignInForm(StrictSchema):
    sign_in_name = ma.fields.String(required=True, validate=ma.validate.Length(max=60))
    password = ma.fields.String(required=True, validate=ma.validate.Length(max=200))
