"""Bridge F: AutoSchema + a converter that also reads SQLModel's own Field() metadata."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import marshmallow as ma
import marshmallow_sqlalchemy as msa
import sqlalchemy as sa
from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from marshmallow import fields, validate


class SQLModelConverter(msa.ModelConverter):
    """Carry a model's own constraints, which never reach the column, into marshmallow."""

    SQLA_TYPE_MAPPING = msa.ModelConverter.SQLA_TYPE_MAPPING | {
        sa.Enum: lambda _c, _t: partial(fields.Enum, by_value=True),
        sa.DateTime: lambda _c, t: fields.AwareDateTime if t.timezone else fields.NaiveDateTime,
        sa.Numeric: lambda _c, _t: partial(fields.Decimal, as_string=True),
    }

    def property2field(
        self, prop: Any, *, instance: bool = True, field_class: Any = None, **kwargs: Any
    ) -> Any:
        info = getattr(prop.parent.class_, "model_fields", {}).get(prop.key)
        if info is not None and instance:
            kwargs.setdefault("required", info.is_required())
            given = kwargs.pop("validate", [])
            given = given if isinstance(given, (list, tuple)) else [given]
            kwargs["validate"] = [*_validators(info.metadata), *given]
        return super().property2field(  # type: ignore[call-overload]
            prop, instance=instance, field_class=field_class, **kwargs
        )


def _validators(metadata: Sequence[Any]) -> Iterator[validate.Validator]:
    low = next((m for m in metadata if isinstance(m, (Ge, Gt))), None)
    high = next((m for m in metadata if isinstance(m, (Le, Lt))), None)
    if low or high:
        yield validate.Range(
            min=getattr(low, "ge", getattr(low, "gt", None)),
            min_inclusive=not isinstance(low, Gt),
            max=getattr(high, "le", getattr(high, "lt", None)),
            max_inclusive=not isinstance(high, Lt),
        )
    shortest = next((m.min_length for m in metadata if isinstance(m, MinLen)), None)
    longest = next((m.max_length for m in metadata if isinstance(m, MaxLen)), None)
    if shortest is not None or longest is not None:
        yield validate.Length(min=shortest, max=longest)


class ModelSchema(msa.SQLAlchemySchema[Any]):
    """Base of every schema that mirrors a table: fields are listed, never swept in."""

    class Meta:
        model_converter = SQLModelConverter
        unknown = ma.RAISE


auto = msa.auto_field
