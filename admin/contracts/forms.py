"""What is typed in about contract and money of a stay; money in yuan, kept in fen."""

import marshmallow as ma

from admin.providers.site_forms import SiteForm, Yuan, a_day, a_text
from server.providers.rules import LAST_DAY
from server.web.blueprints import StrictSchema


class ContractForm(SiteForm):
    COLUMNS = {
        "contract_number": "number",
        "bed_fee": "bed_fen",
        "nursing_fee": "nursing_fen",
        "meals_fee": "meals_fen",
        "other_fee": "other_fen",
        "deposit": "deposit_fen",
    }

    contract_number = a_text(40, load_default="")
    starts_on = a_day(required=True)
    last_day = a_day(required=True)
    bed_fee = Yuan(required=True)
    nursing_fee = Yuan(load_default=0)
    meals_fee = Yuan(load_default=0)
    other_fee = Yuan(load_default=0)
    deposit = Yuan(load_default=0)


class ReceiptForm(SiteForm):
    """Money received: the receipt's number keeps it from being noted twice."""

    COLUMNS = {"amount": "amount_fen", "receipt": "reference"}

    amount = Yuan(required=True)
    receipt = a_text(40, required=True)
    is_deposit = ma.fields.Boolean(load_default=False)


class BillForm(StrictSchema):
    month = ma.fields.Date(format="%Y-%m", required=True, validate=ma.validate.Range(max=LAST_DAY))


class NoForm(StrictSchema):
    """A button alone."""
