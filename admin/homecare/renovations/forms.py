"""What is typed in on the way of a renovation; money in yuan, kept in fen."""

import marshmallow as ma

from admin.providers.site_forms import SiteForm, Yuan, a_day, a_number, a_text, one_of
from server.homecare.renovations.models import PhotoPhase, Room
from server.homecare.renovations.states import RenovationState
from server.residents.models import HardshipTier
from server.web.blueprints import StrictSchema


class RenovationFilters(StrictSchema):
    state = ma.fields.Enum(RenovationState, by_value=True, load_default=None)
    tier = ma.fields.Enum(HardshipTier, by_value=True, load_default=None)
    late = ma.fields.Boolean(load_default=False)


class WhomFilters(StrictSchema):
    resident = ma.fields.Integer(required=True)


class ApplyForm(StrictSchema):
    resident = ma.fields.Integer(required=True)
    address = ma.fields.String(load_default="", validate=ma.validate.Length(max=300))
    wishes = ma.fields.String(load_default="", validate=ma.validate.Length(max=400))
    has_trade_in = ma.fields.Boolean(load_default=False)


class NothingForm(StrictSchema):
    """A press is all there is to say."""


class NoteForm(StrictSchema):
    note = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))


class ReasonForm(StrictSchema):
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=200))


class NeedForm(StrictSchema):
    room = one_of(Room, required=True)
    item_code = a_text(40, required=True)
    quantity = a_number(1, 99, load_default=1)
    note = a_text(200, load_default="")


class PictureForm(StrictSchema):
    phase = one_of(PhotoPhase, required=True)
    room = one_of(Room, required=True)
    x = ma.fields.Float(required=True, validate=ma.validate.Range(-180, 180))
    y = ma.fields.Float(required=True, validate=ma.validate.Range(-90, 90))
    accuracy_m = a_number(0, 100_000, load_default=0)


class SurveyForm(StrictSchema):
    site = ma.fields.Integer(required=True)
    note = a_text(400, load_default="")


class QuoteForm(StrictSchema):
    """A price for each need, in the order in which they stand on the page."""

    need = ma.fields.List(ma.fields.Integer(), required=True)
    price = ma.fields.List(Yuan(), required=True)
    note = a_text(200, load_default="")


class AnswerForm(StrictSchema):
    quote = ma.fields.Integer(required=True)
    reason = a_text(200, load_default="")


class FinishForm(StrictSchema):
    invoice_ref = ma.fields.String(required=True, validate=ma.validate.Length(min=4, max=60))


class ItemForm(SiteForm):
    COLUMNS = {"ceiling": "ceiling_fen"}

    code = ma.fields.String(required=True, validate=ma.validate.Length(2, 40))
    name_zh = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    name_en = ma.fields.String(required=True, validate=ma.validate.Length(1, 80))
    ceiling = Yuan(load_default=None, allow_none=True)
    starts_on = a_day(required=True)
    is_offered = ma.fields.Boolean(load_default=False)
    document = a_text(200, load_default="")
    clause = a_text(100, load_default="")
