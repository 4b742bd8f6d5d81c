"""Subsidies as a phone reads them. Money is whole fen; sentences are in the reader's language."""

import marshmallow as ma

from mobile_api.subsidies import shown
from server.subsidies.claims.models import LookedAt
from server.subsidies.own.lines import Standing
from server.subsidies.recoveries.models import EntryKind
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema
from server.web.keys import LARGEST_KEY
from server.web.pictures import a_picture


class OwnSubsidyLineSchema(AnswerSchema):
    """`amount_fen` may be below nought. `day` is that of its state: paid on, on show until.

    While its list is on show, everybody reads it at `/public/notices/<notice_code>`.
    """

    run_id = ma.fields.Integer()
    number = ma.fields.Integer()
    person_name = ma.fields.String()
    is_own = ma.fields.Boolean()
    month = ma.fields.String()
    programme_name = ma.fields.String()
    site_name = ma.fields.String()
    payee = ma.fields.String(metadata={"enum": ["resident", "caregiver", "site"]})
    amount_fen = ma.fields.Integer()
    is_correction = ma.fields.Boolean()
    state = ma.fields.String(metadata={"enum": [one.value for one in Standing]})
    day = ma.fields.Date(allow_none=True)
    notice_code = ma.fields.String(allow_none=True)
    reasons = ma.fields.List(ma.fields.String())


class SubsidySentenceSchema(AnswerSchema):
    """How a line came about: a sentence, and the clause that it rests on, where it does."""

    sentence = ma.fields.String()
    clause = ma.fields.String()


class OneSubsidyLineSchema(OwnSubsidyLineSchema):
    """`brief` is what it comes to and why, `sentences` all of it from the version to the fen."""

    brief = ma.fields.List(ma.fields.Nested(SubsidySentenceSchema))
    can_object = ma.fields.Boolean()
    sentences = ma.fields.List(ma.fields.Nested(SubsidySentenceSchema))


class SubsidyOpeningSchema(AnswerSchema):
    """What could be claimed: now, until `closes_on` where there is such a day, or `opens_on`."""

    programme = ma.fields.String()
    programme_name = ma.fields.String()
    resident_id = ma.fields.Integer(allow_none=True)
    person_name = ma.fields.String()
    first_month = ma.fields.String(allow_none=True)
    last_month = ma.fields.String(allow_none=True)
    closes_on = ma.fields.Date(allow_none=True)
    opens_on = ma.fields.Date(allow_none=True)
    papers = ma.fields.List(ma.fields.String())


class SubsidyClaimSchema(AnswerSchema):
    """`due_on` is the day by which the office that it waits for says its word."""

    id = ma.fields.Integer()
    programme_name = ma.fields.String()
    person_name = ma.fields.String()
    first_month = ma.fields.String()
    last_month = ma.fields.String()
    state = ma.fields.String()
    cases = ma.fields.Integer()
    expected_fen = ma.fields.Integer()
    due_on = ma.fields.Date(allow_none=True)
    closes_on = ma.fields.Date(allow_none=True)
    words = ma.fields.String()
    missing = ma.fields.List(ma.fields.String())
    can_fill = ma.fields.Boolean()
    can_withdraw = ma.fields.Boolean()


class SubsidyPaperSchema(AnswerSchema):
    """A paper that is asked for; `paper_ids` are the photos of it that are there."""

    evidence = ma.fields.String()
    name = ma.fields.String()
    is_required = ma.fields.Boolean()
    paper_ids = ma.fields.List(ma.fields.Integer())


class SubsidyPaperContentSchema(AnswerSchema):
    """`picture` is a data address: a web view's image cannot send a token."""

    picture = ma.fields.String()


class SubsidyClaimStageSchema(AnswerSchema):
    """A stage of the way of a claim to its money: where, since when it is behind, until when."""

    at = ma.fields.String(metadata={"enum": list(shown.WAY)})
    office = ma.fields.String()
    done_on = ma.fields.Date(allow_none=True)
    is_now = ma.fields.Boolean()
    days = ma.fields.Integer(allow_none=True)


class OneSubsidyClaimSchema(SubsidyClaimSchema):
    """`days` are those for which the list is on show before anything is paid."""

    papers = ma.fields.List(ma.fields.Nested(SubsidyPaperSchema))
    stages = ma.fields.List(ma.fields.Nested(SubsidyClaimStageSchema))


class SubsidyForecastSchema(AnswerSchema):
    """What a claim would come to, and of which open periods (`known_months`) anything is known.

    `known_by` says from where: `facts` counted by now, the latest `run`, or `nothing` is known yet.
    """

    known_by = ma.fields.String(metadata={"enum": [one.value for one in LookedAt]})
    cases = ma.fields.Integer()
    expected_fen = ma.fields.Integer()
    sentences = ma.fields.List(ma.fields.Nested(SubsidySentenceSchema))
    known_months = ma.fields.List(ma.fields.String())


class SubsidyObjectionSchema(AnswerSchema):
    """`is_upheld` and `answer` are null until it is answered, by `due_on` at the latest."""

    id = ma.fields.Integer()
    programme_name = ma.fields.String()
    said = ma.fields.String()
    received_at = ma.fields.AwareDateTime()
    due_on = ma.fields.Date()
    answer = ma.fields.String(allow_none=True)
    is_upheld = ma.fields.Boolean(allow_none=True)


class OwnSubsidiesSchema(AnswerSchema):
    lines = ma.fields.List(ma.fields.Nested(OwnSubsidyLineSchema))
    openings = ma.fields.List(ma.fields.Nested(SubsidyOpeningSchema))
    claims = ma.fields.List(ma.fields.Nested(SubsidyClaimSchema))
    objections = ma.fields.List(ma.fields.Nested(SubsidyObjectionSchema))


class LineNamedSchema(AnswerSchema):
    run_id = ma.fields.Integer()
    number = ma.fields.Integer()


class SubsidyRecoverySchema(AnswerSchema):
    """What is owed back. Of each payment at most `most_percent` is taken, of none before
    `deferred_until`; `next_fen` is what a payment as large as the last one would give up. Where
    both are null, nothing is taken by itself. `office` may be asked.
    """

    id = ma.fields.Integer()
    programme_name = ma.fields.String()
    person_name = ma.fields.String()
    month = ma.fields.String()
    made_on = ma.fields.Date()
    amount_fen = ma.fields.Integer()
    left_fen = ma.fields.Integer()
    netted_fen = ma.fields.Integer()
    received_fen = ma.fields.Integer()
    written_off_fen = ma.fields.Integer()
    most_percent = ma.fields.Integer(allow_none=True)
    next_fen = ma.fields.Integer(allow_none=True)
    deferred_until = ma.fields.Date(allow_none=True)
    office = ma.fields.String()


class SubsidyRecoveriesSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(SubsidyRecoverySchema))


class SubsidyRecoveryEntrySchema(AnswerSchema):
    """Taken off a payment, paid back, or given up; below nought where a payment came to nothing."""

    kind = ma.fields.String(metadata={"enum": [one.value for one in EntryKind]})
    amount_fen = ma.fields.Integer()
    on_day = ma.fields.Date()


class OneSubsidyRecoverySchema(SubsidyRecoverySchema):
    """`correction` is the line that says so, where one does."""

    sentences = ma.fields.List(ma.fields.Nested(SubsidySentenceSchema))
    limit_clause = ma.fields.String()
    entries = ma.fields.List(ma.fields.Nested(SubsidyRecoveryEntrySchema))
    correction = ma.fields.Nested(LineNamedSchema, allow_none=True)


class SubsidyForecastArgs(StrictSchema):
    """Without a resident it is the caregiver's own."""

    programme = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=40))
    first_month = ma.fields.Date(required=True)
    resident_id = ma.fields.Integer(
        load_default=None, validate=ma.validate.Range(min=1, max=LARGEST_KEY)
    )


class BeginSubsidyClaimSchema(StrictSchema):
    """Without a resident it is the caregiver's own."""

    programme = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=40))
    first_month = ma.fields.Date(required=True)
    resident_id = ma.fields.Integer(
        load_default=None, strict=True, allow_none=True,
        validate=ma.validate.Range(min=1, max=LARGEST_KEY),
    )  # fmt: skip


class SendSubsidyPaperSchema(StrictSchema):
    evidence = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=40))
    picture = a_picture()


class SaySubsidyObjectionSchema(StrictSchema):
    said = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))
