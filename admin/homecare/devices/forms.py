"""What is typed in about devices in homes; money in yuan, kept in fen."""

import marshmallow as ma

from admin.providers.site_forms import SiteForm, Yuan, a_day, a_number, a_text, one_of
from server.homecare.alarms.answering import MOST_CALLED
from server.homecare.alarms.models import CalleeKind
from server.homecare.devices.models import DeviceKind
from server.homecare.devices.queries import Standing
from server.i18n.catalogues import marked
from server.web.blueprints import StrictSchema
from server.web.keys import LARGEST_KEY


class DeviceFilters(StrictSchema):
    kind = one_of(DeviceKind, load_default=None)
    standing = one_of(Standing, load_default=None)


class DeviceForm(SiteForm):
    COLUMNS = {"price": "price_fen"}

    kind = one_of(DeviceKind, required=True)
    serial = a_text(60, required=True)
    invoice_number = a_text(40, required=True)
    invoice_line = a_number(1, 999, load_default=1)
    price = Yuan(required=True)
    installed_on = a_day(required=True)


class RemovalForm(StrictSchema):
    removed_on = a_day(required=True)


class MovingForm(StrictSchema):
    removed_on = a_day(required=True)
    to_bed = a_number(1, LARGEST_KEY, required=True)


class PhotoForm(StrictSchema):
    """A picture is all there is to send."""


class CalleesForm(StrictSchema):
    """A kind, a name and a phone for each place; a place without a kind calls nobody."""

    kind = ma.fields.List(ma.fields.String(), load_default=[])
    name = ma.fields.List(ma.fields.String(validate=ma.validate.Length(max=60)), load_default=[])
    phone = ma.fields.List(ma.fields.String(validate=ma.validate.Length(max=20)), load_default=[])

    @ma.validates_schema
    def lists_match(self, values: dict[str, list[str]], **_: object) -> None:
        """Each place has all three, and names a kind that there is."""
        places = {len(values[name]) for name in ("kind", "name", "phone")}
        known = {"", *CalleeKind}
        if len(places) > 1 or max(places) > MOST_CALLED or not set(values["kind"]) <= known:
            raise ma.ValidationError(marked("Not a valid list."), "kind")
