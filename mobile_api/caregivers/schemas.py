"""A caregiver's own file as their phone reads it, and what the phone sends."""

import marshmallow as ma

from server.caregivers.asking.models import ProofKind
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema
from server.web.pictures import a_picture


class LinkSchema(StrictSchema):
    id_digits = ma.fields.String(
        required=True,
        validate=ma.validate.Length(min=6, max=12),
        metadata={"description": "The last six characters of the ID number."},
    )


class PunchSchema(StrictSchema):
    is_leaving = ma.fields.Boolean(load_default=False, truthy={True}, falsy={False})


class ProofSchema(StrictSchema):
    kind = ma.fields.Enum(ProofKind, by_value=True, required=True)
    picture = a_picture()


class ContractSchema(AnswerSchema):
    """`last_day` is null for one without a fixed term."""

    starts_on = ma.fields.Date()
    last_day = ma.fields.Date(allow_none=True)
    insurance_payer = ma.fields.String()


class EmploymentSchema(AnswerSchema):
    site_name = ma.fields.String()
    post = ma.fields.String()
    is_full_time = ma.fields.Boolean()
    is_front_line = ma.fields.Boolean()
    starts_on = ma.fields.Date()
    last_day = ma.fields.Date(allow_none=True)
    contracts = ma.fields.List(ma.fields.Nested(ContractSchema))


class CertificateSchema(AnswerSchema):
    """`qr_modules` are the rows of the code of the page that checks it, and `address` that page."""

    id = ma.fields.Integer()
    level = ma.fields.Integer()
    number = ma.fields.String()
    issuer = ma.fields.String()
    issued_on = ma.fields.Date()
    valid_until = ma.fields.Date(allow_none=True)
    days_left = ma.fields.Integer(allow_none=True)
    standing = ma.fields.String()
    is_verified = ma.fields.Boolean()
    address = ma.fields.String()
    qr_modules = ma.fields.List(ma.fields.String())


class EducationSchema(AnswerSchema):
    degree = ma.fields.String()
    school = ma.fields.String()
    subject = ma.fields.String()
    obtained_on = ma.fields.Date()
    is_recognised = ma.fields.Boolean()


class TodaySchema(AnswerSchema):
    arrived_at = ma.fields.AwareDateTime(allow_none=True)
    left_at = ma.fields.AwareDateTime(allow_none=True)


class AttendanceSchema(AnswerSchema):
    """`days` is null where the month is not known yet; `source` says who told it."""

    month = ma.fields.Date()
    days = ma.fields.Integer(allow_none=True)
    source = ma.fields.String(allow_none=True)
    today = ma.fields.Nested(TodaySchema)


class HoursSchema(AnswerSchema):
    year = ma.fields.Integer()
    minutes = ma.fields.Integer()
    wanted_minutes = ma.fields.Integer()


class MissingSchema(AnswerSchema):
    """`facts` fill the sentence that goes with the code; `until` null means as soon as can be."""

    code = ma.fields.String()
    until = ma.fields.Date(allow_none=True)
    facts = ma.fields.Dict()


class SentProofSchema(AnswerSchema):
    id = ma.fields.Integer()
    kind = ma.fields.String()
    sent_at = ma.fields.AwareDateTime()
    state = ma.fields.String()
    said = ma.fields.String()


class CaregiverSchema(AnswerSchema):
    """The whole file; `is_linked` false and nothing else for whoever has none here."""

    is_linked = ma.fields.Boolean()
    name = ma.fields.String(allow_none=True)
    keeper_phone = ma.fields.String(allow_none=True)
    payee_bank = ma.fields.String()
    payee_last = ma.fields.String(allow_none=True)
    employments = ma.fields.List(ma.fields.Nested(EmploymentSchema))
    certificates = ma.fields.List(ma.fields.Nested(CertificateSchema))
    education = ma.fields.List(ma.fields.Nested(EducationSchema))
    attendance = ma.fields.Nested(AttendanceSchema, allow_none=True)
    hours = ma.fields.Nested(HoursSchema, allow_none=True)
    missing = ma.fields.List(ma.fields.Nested(MissingSchema))
    proofs = ma.fields.List(ma.fields.Nested(SentProofSchema))
