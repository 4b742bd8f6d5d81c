"""What is asked for about differences."""

import marshmallow as ma

from admin.homecare.forms import a_month, a_number
from admin.subsidies.forms import a_mark
from server.subsidies.differences.models import DifferenceKind
from server.web.blueprints import StrictSchema


class DifferenceFilters(StrictSchema):
    """`after` is the number behind which the page begins."""

    programme = a_mark(load_default=None)
    kind = ma.fields.Enum(DifferenceKind, by_value=True, load_default=None)
    month = a_month(load_default=None)
    run_id = a_number(load_default=None, data_key="run")
    after = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 2**63 - 1))


class NoForm(StrictSchema):
    """A button alone."""
