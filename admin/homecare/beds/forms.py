"""What is typed in on the way of a bed at home; money in yuan, kept in fen."""

import marshmallow as ma

from admin.providers.site_forms import SiteForm, Yuan, a_day, a_text
from server.homecare.models import HomeBedEnd, HomeBedPause, HomeBedState
from server.web.blueprints import StrictSchema

# What ends by itself is not chosen by hand.
BY_HAND = (HomeBedEnd.MOVED_AWAY, HomeBedEnd.INTO_A_HOME, HomeBedEnd.RECOVERED, HomeBedEnd.OTHER)

# What a consent taken back pauses is not paused by hand.
PAUSED_BY_HAND = tuple(one for one in HomeBedPause if one is not HomeBedPause.NO_CONSENT)


class BedFilters(StrictSchema):
    state = ma.fields.Enum(HomeBedState, by_value=True, load_default=None)
    late = ma.fields.Boolean(load_default=False)
    on_the_way = ma.fields.Boolean(load_default=False)
    place = ma.fields.String(validate=ma.validate.Regexp(r"^\d{4,12}$"), load_default=None)


class MapFilters(StrictSchema):
    state = ma.fields.Enum(HomeBedState, by_value=True, load_default=None)


class WhomFilters(StrictSchema):
    resident = ma.fields.Integer(required=True)


class ApplyForm(StrictSchema):
    resident = ma.fields.Integer(required=True)
    wishes = ma.fields.String(load_default="", validate=ma.validate.Length(max=400))


class NothingForm(StrictSchema):
    """A press is all there is to say."""


class NoteForm(StrictSchema):
    note = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))


class ReasonForm(StrictSchema):
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=200))


class NoticeForm(StrictSchema):
    site = ma.fields.Integer(required=True)


class ObjectionForm(StrictSchema):
    said = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))


class FindingForm(StrictSchema):
    finding = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))


class AgreementForm(SiteForm):
    COLUMNS = {"monthly_fee": "monthly_fee_fen", "own_pay": "own_pay_fen"}

    starts_on = a_day(required=True)
    ends_on = a_day(required=True)
    monthly_fee = Yuan(required=True)
    own_pay = Yuan(required=True)
    signed_by = a_text(60, required=True)


class BuildForm(SiteForm):
    COLUMNS = {"cost": "cost_fen"}

    cost = Yuan(required=True)
    invoice_ref = a_text(60, required=True)
    installed_on = a_day(required=True)
    inventory = a_text(400, required=True)
    is_after_renovation = ma.fields.Boolean(load_default=False)
    asks_grant = ma.fields.Boolean(load_default=False)


class PlaceForm(StrictSchema):
    """Degrees, in the coordinates that the city's maps use."""

    longitude = ma.fields.Float(required=True, validate=ma.validate.Range(min=70, max=140))
    latitude = ma.fields.Float(required=True, validate=ma.validate.Range(min=15, max=55))


class PauseForm(StrictSchema):
    pause_reason = ma.fields.Enum(
        HomeBedPause, by_value=True, required=True, validate=ma.validate.OneOf(PAUSED_BY_HAND)
    )
    note = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))


class EndForm(StrictSchema):
    end_reason = ma.fields.Enum(
        HomeBedEnd, by_value=True, required=True, validate=ma.validate.OneOf(BY_HAND)
    )
    note = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))
