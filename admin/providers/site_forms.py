"""What an operator or an officer types in about a site; money in yuan, kept in fen."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, Overflow
from typing import Any, ClassVar

import marshmallow as ma

from admin.exports import CSV, XLSX
from server.facilities.models import BedKind
from server.providers.models import (
    CareService,
    CreditStatus,
    OpeningState,
    Ownership,
    PaperKind,
    PriceItem,
)
from server.providers.rules import LAST_DAY
from server.web.blueprints import StrictSchema

A_DAY = timedelta(days=1)
MOST_YUAN = 1_000_000


def a_day(**given: Any) -> ma.fields.Date:
    return ma.fields.Date(format="%Y-%m-%d", validate=ma.validate.Range(max=LAST_DAY), **given)


def a_text(most: int, **given: Any) -> ma.fields.String:
    return ma.fields.String(validate=ma.validate.Length(max=most), **given)


def one_of(choices: Any, **given: Any) -> ma.fields.Enum:
    return ma.fields.Enum(choices, by_value=True, **given)


def a_number(least: int, most: int, **given: Any) -> ma.fields.Integer:
    return ma.fields.Integer(validate=ma.validate.Range(least, most), **given)


class Yuan(ma.fields.Decimal):
    """An amount typed in yuan, with at most two digits after the point, read as whole fen."""

    def __init__(self, **given: Any) -> None:
        super().__init__(validate=ma.validate.Range(0, MOST_YUAN * 100), **given)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        yuan = super()._deserialize(value, attr, data, **more)
        try:
            fen = Decimal(yuan).scaleb(2)
        except Overflow as error:
            raise self.make_error("invalid") from error
        if fen != fen.to_integral_value():
            raise self.make_error("invalid")
        return int(fen)


class SiteForm(StrictSchema):
    """Fields are named for their reader; `COLUMNS` says what the register calls them."""

    COLUMNS: ClassVar[Mapping[str, str]] = {}

    @ma.post_load
    def as_columns(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the values by column; a period ends on the day after its last."""
        known = {self.COLUMNS.get(name, name): value for name, value in values.items()}
        if "last_day" in known:
            last_day = known.pop("last_day")
            known["ends_on"] = last_day + A_DAY if last_day else None
        return known


class PaperForm(SiteForm):
    COLUMNS = {"paper_kind": "kind", "paper_number": "number"}

    paper_kind = one_of(PaperKind, required=True)
    paper_number = a_text(60, load_default="")
    issuer = a_text(100, load_default="")
    starts_on = a_day(required=True)
    last_day = a_day(load_default=None)


class StarForm(SiteForm):
    stars = a_number(1, 5, required=True)
    document = a_text(200, load_default="")
    starts_on = a_day(required=True)
    last_day = a_day(required=True)


class PriceForm(SiteForm):
    COLUMNS = {"lowest": "lowest_fen", "highest": "highest_fen"}

    item = one_of(PriceItem, required=True)
    lowest = Yuan(required=True)
    highest = Yuan(required=True)
    starts_on = a_day(required=True)


class LicenceForm(SiteForm):
    COLUMNS = {"bed_kind": "kind"}

    bed_kind = one_of(BedKind, required=True)
    licensed = a_number(0, 20_000, required=True)
    nursing = a_number(0, 20_000, load_default=0)
    document = a_text(200, load_default="")
    starts_on = a_day(required=True)


class BasicsForm(SiteForm):
    """What a site itself may say about it."""

    COLUMNS = {
        "monthly_price": "monthly_price_from_fen",
        "longitude": "x",
        "latitude": "y",
    }

    address = a_text(300, load_default="")
    phone = a_text(20, load_default=None)
    longitude = ma.fields.Float(load_default=None)
    latitude = ma.fields.Float(load_default=None)
    monthly_price = Yuan(load_default=None)
    services = ma.fields.List(one_of(CareService), load_default=list)

    @ma.post_load
    def words_of_services(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return values | {"services": [one.value for one in values["services"]]}


class DecidedForm(SiteForm):
    """What an office over the place decides about a site, and about who runs it."""

    COLUMNS = {"inclusive_price": "inclusive_price_fen"}

    ownership = one_of(Ownership, load_default=None)
    is_inclusive = ma.fields.Boolean(load_default=None)
    inclusive_price = Yuan(load_default=None)
    provider_name = a_text(120, load_default=None)
    uscc = a_text(40, load_default=None)
    credit_status = one_of(CreditStatus, load_default=None)


class OpeningForm(SiteForm):
    COLUMNS = {"becomes": "state"}

    becomes = one_of(OpeningState, required=True)
    starts_on = a_day(required=True)
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=200))


class CaptionForm(StrictSchema):
    caption = a_text(60, load_default="")


class PeopleForm(StrictSchema):
    """A list of people as a file; `kind` is its ending."""

    kind = ma.fields.String(required=True, validate=ma.validate.OneOf([CSV, XLSX]))
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=200))
