"""What a kitchen types in; money in yuan, kept in fen."""

import re
from typing import Any

import marshmallow as ma

from admin.providers.site_forms import SiteForm, Yuan, a_day, a_number, a_text, one_of
from server.meals.models import Allergen, CanteenKind, Diet, Meal
from server.web.blueprints import StrictSchema

MOST_PLACES = 5_000
BETWEEN_WORDS = re.compile(r"[\s,，、;；]+")


class WeekArgs(StrictSchema):
    week = a_day(load_default=None)


class DayArgs(StrictSchema):
    day = a_day(load_default=None)


class VersionArgs(StrictSchema):
    version = ma.fields.Integer(load_default=None)


class WeekForm(StrictSchema):
    week = a_day(required=True)


class PublishForm(StrictSchema):
    week = a_day(required=True)
    publish_at = ma.fields.NaiveDateTime(format="%Y-%m-%dT%H:%M", load_default=None)


class MenuForm(StrictSchema):
    dish = ma.fields.List(ma.fields.Integer(), load_default=[])


class DishForm(SiteForm):
    COLUMNS = {"dish_name": "name", "dish_price": "price_fen"}

    dish_name = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    dish_price = Yuan(load_default=None)
    diets = ma.fields.List(one_of(Diet), load_default=[])
    allergens = ma.fields.List(one_of(Allergen), load_default=[])
    is_offered = ma.fields.Boolean(load_default=False)


class SetUpForm(SiteForm):
    COLUMNS = {"canteen_kind": "kind", "supplied_by": "supplied_by_id"}

    canteen_kind = one_of(CanteenKind, required=True)
    supplied_by = ma.fields.Integer(load_default=None)
    seats = a_number(0, MOST_PLACES, load_default=None)
    delivers = ma.fields.Boolean(load_default=False)
    serves_on_holidays = ma.fields.Boolean(load_default=False)


class AccountForm(StrictSchema):
    bank = ma.fields.String(required=True, validate=ma.validate.Length(1, 60))
    account = ma.fields.String(required=True, validate=ma.validate.Regexp(r"^[0-9]{8,30}\Z"))

    @ma.pre_load
    def without_gaps(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Leave out the gaps with which numbers stand on cards."""
        if "account" not in given:
            return given
        return given | {"account": re.sub(r"[\s-]", "", given["account"])}


class PlacesForm(StrictSchema):
    places = a_number(0, MOST_PLACES, required=True)


class TemplateForm(SiteForm):
    COLUMNS = {"list_price": "list_price_fen"}

    weekdays = ma.fields.List(
        ma.fields.Integer(validate=ma.validate.Range(1, 7)),
        required=True,
        validate=ma.validate.Length(1, 7),
    )
    meal = one_of(Meal, required=True)
    starts_on = a_day(required=True)
    is_served = ma.fields.Boolean(load_default=False)
    serves_from = ma.fields.Time(format="%H:%M", required=True)
    serves_until = ma.fields.Time(format="%H:%M", required=True)
    capacity = a_number(0, MOST_PLACES, required=True)
    list_price = Yuan(required=True)
    cutoff_days = a_number(0, 14, load_default=None)
    cutoff_at = ma.fields.Time(format="%H:%M", load_default=None)
    late_until = ma.fields.Time(format="%H:%M", load_default=None)
    late_places = a_number(0, MOST_PLACES, load_default=0)

    @ma.validates_schema
    def check_hours(self, values: dict[str, Any], **_: Any) -> None:
        """A meal ends after it began, costs something, and a cut-off is a day and a time."""
        if values["serves_until"] <= values["serves_from"]:
            raise ma.ValidationError("invalid", "serves_until")
        if values["list_price"] == 0:
            raise ma.ValidationError("invalid", "list_price")
        if (values["cutoff_days"] is None) != (values["cutoff_at"] is None):
            raise ma.ValidationError("invalid", "cutoff_at")


class SampleForm(StrictSchema):
    sitting = ma.fields.Integer(required=True)
    dish = ma.fields.Integer(required=True)
    grams = a_number(1, 2_000, required=True)
    celsius = ma.fields.Decimal(required=True, places=1, validate=ma.validate.Range(-40, 60))


class NeedsForm(StrictSchema):
    usual_diet = one_of(Diet, required=True)
    allergens = ma.fields.List(one_of(Allergen), load_default=[])
    dislikes = a_text(100, load_default="")

    @ma.post_load
    def as_words(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the words that were typed one after another."""
        words = [word for word in BETWEEN_WORDS.split(values["dislikes"]) if word]
        return values | {"dislikes": words[:10]}


class PaperForm(StrictSchema):
    """Boxes are named `sitting:resident`."""

    week = a_day(required=True)
    box = ma.fields.List(
        ma.fields.String(validate=ma.validate.Regexp(r"^[0-9]{1,18}:[0-9]{1,18}\Z")),
        load_default=[],
        validate=ma.validate.Length(max=500),
    )
