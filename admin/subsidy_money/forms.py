"""What is asked for and typed in about the money of subsidies."""

from decimal import Decimal
from typing import Any

import marshmallow as ma

from admin.homecare.forms import A_REASON, a_day, a_number
from server.policies.programmes.terms import Beneficiary
from server.subsidies.payments.models import BatchState, PaymentState
from server.web.blueprints import StrictSchema

MOST_YUAN = 10_000_000_000
LONGEST = 15  # Digits on either side of the point.


def an_amount(*, lowest: int = 0) -> ma.fields.Decimal:
    """In yuan, exact to the fen."""
    return ma.fields.Decimal(
        required=True, places=None, allow_nan=False,
        validate=[ma.validate.Range(lowest, MOST_YUAN), whole_fen],
    )  # fmt: skip


def whole_fen(value: Decimal) -> None:
    """Refuse what is not in whole fen, and powers of ten that nobody means."""
    exponent = value.as_tuple().exponent
    is_plain = isinstance(exponent, int) and exponent >= -LONGEST and value.adjusted() <= LONGEST
    if not is_plain or value.scaleb(2) % 1:
        raise ma.ValidationError("Not a valid number.")


def more_than_nothing(value: Decimal) -> None:
    """Refuse nought."""
    if value == 0:
        raise ma.ValidationError("Not a valid number.")


def in_fen(amount: Decimal) -> int:
    """Return an amount of yuan in whole fen."""
    return int(amount.scaleb(2))


def words_of(longest: int, **given: Any) -> ma.fields.String:
    return ma.fields.String(required=True, validate=ma.validate.Length(1, longest), **given)


class BudgetFilters(StrictSchema):
    year = ma.fields.Integer(load_default=None, validate=ma.validate.Range(2000, 2169))
    line = ma.fields.String(load_default=None, validate=ma.validate.Length(1, 200))


class ChangeForm(StrictSchema):
    """With a minus where the budget is lowered."""

    line = words_of(200)
    year = ma.fields.Integer(required=True, validate=ma.validate.Range(2000, 2169))
    division_code = ma.fields.String(required=True, validate=ma.validate.Regexp(r"\d{4,12}\Z"))
    amount = an_amount(lowest=-MOST_YUAN)
    document = words_of(120)
    holds_on = a_day(required=True)
    words = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))

    @ma.validates("amount")
    def check_amount(self, value: Decimal, **_: Any) -> None:
        """A change that changes something."""
        more_than_nothing(value)


class DecisionForm(StrictSchema):
    is_right = ma.fields.Boolean(required=True)
    answer = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))

    @ma.validates_schema
    def check_words(self, values: dict[str, Any], **_: Any) -> None:
        """Who says no says why."""
        if not values.get("is_right") and not values.get("answer"):
            raise ma.ValidationError("Missing data for required field.", "answer")


class YesOrNoForm(StrictSchema):
    is_right = ma.fields.Boolean(required=True)


class BatchFilters(StrictSchema):
    state = ma.fields.Enum(BatchState, by_value=True, load_default=None)
    budget_id = a_number(load_default=None, data_key="budget")
    is_unconfirmed = ma.fields.Boolean(load_default=None, data_key="unconfirmed")


class PaymentFilters(StrictSchema):
    state = ma.fields.Enum(PaymentState, by_value=True, load_default=None)
    name = ma.fields.String(load_default=None, validate=ma.validate.Length(1, 60))


class BatchForm(StrictSchema):
    budget_id = a_number(required=True)
    run_ids = ma.fields.List(a_number(), required=True, validate=ma.validate.Length(1, 200))
    again_unchanged = ma.fields.Boolean(load_default=False)


class WordsForm(StrictSchema):
    words = ma.fields.String(required=True, validate=A_REASON)


class FileForm(StrictSchema):
    layout = words_of(40)
    ending = ma.fields.String(required=True, validate=ma.validate.OneOf(["csv", "xlsx"]))
    purpose = words_of(30)


class OpeningForm(StrictSchema):
    reason = ma.fields.String(required=True, validate=A_REASON)


class ReturnForm(StrictSchema):
    layout = words_of(40)


class StatementForm(StrictSchema):
    amount = an_amount()


class RecoveryFilters(StrictSchema):
    payee_kind = ma.fields.Enum(Beneficiary, by_value=True, load_default=None, data_key="payee")
    is_open = ma.fields.Boolean(load_default=None, data_key="open")
    site_id = a_number(load_default=None, data_key="site")


class ReceiptForm(StrictSchema):
    amount = an_amount()
    receipt = words_of(60)
    on_day = a_day(required=True)

    @ma.validates("amount")
    def check_amount(self, value: Decimal, **_: Any) -> None:
        """Something came."""
        more_than_nothing(value)


class DefermentForm(StrictSchema):
    until = a_day(required=True)
    words = ma.fields.String(required=True, validate=A_REASON)


class WriteOffForm(StrictSchema):
    amount = an_amount()
    words = ma.fields.String(required=True, validate=A_REASON)

    @ma.validates("amount")
    def check_amount(self, value: Decimal, **_: Any) -> None:
        """Something is given up."""
        more_than_nothing(value)


class TakeBackForm(StrictSchema):
    run = a_number(required=True)
    line = a_number(required=True)
    finding = a_number(required=True)
    amount = an_amount()
    words = ma.fields.String(required=True, validate=A_REASON)

    @ma.validates("amount")
    def check_amount(self, value: Decimal, **_: Any) -> None:
        """Something is owed."""
        more_than_nothing(value)


class ReceivedFilters(StrictSchema):
    year = ma.fields.Integer(load_default=None, validate=ma.validate.Range(2000, 2169))


class AccountForm(StrictSchema):
    site = a_number(required=True)
    bank = words_of(60)
    account = words_of(40)
    holder_name = words_of(60)
    starts_on = a_day(required=True)
