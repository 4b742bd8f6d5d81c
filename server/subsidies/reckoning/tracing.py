"""How a line came about, as a statement builds it: the same words as `trace_of`, few keys."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB, array

from server.policies.programmes.schema import Programme
from server.subsidies.reckoning.amounts import scale, whole
from server.subsidies.reckoning.before import Seen, caps_over, families_of
from server.subsidies.reckoning.outcomes import own_reason
from server.subsidies.reckoning.reasons import Reason, reasons

Json = ColumnElement[Any]


def trace(programme: Programme, seen: Seen, columns: Any) -> Json:
    """Return the whole trace of a case."""
    refused = _object("reasons", _named(reasons(programme, seen, columns)))
    had = _had(programme, columns)
    told = case((columns.refused, refused), *had, else_=_given(programme, columns))
    return _with_before(programme, seen, columns, told)


def _had(programme: Programme, columns: Any) -> Sequence[tuple[Any, Json]]:
    """The same family pays for the month already."""
    if "is_had" not in columns:
        return []
    listed = cast(array([literal(own_reason(programme), Text)]), ARRAY(Text))
    return [(columns.is_had, _object("reasons", func.to_jsonb(listed, type_=JSONB)))]


def _given(programme: Programme, columns: Any) -> Json:
    tables = programme.amounts.tables if programme.amounts else []
    rows = [(table.id, columns[f"row_{place}"]) for place, table in enumerate(tables)]
    factors = [(one.id, columns[f"factor_{no}"]) for no, one in enumerate(programme.factors)]
    optional = any(not table.must_fit for table in tables)
    given = func.jsonb_build_object(
        literal("base_fen", Text), columns.base // whole(scale(programme)),
        literal("count", Text), func.jsonb_build_array(columns.times, columns.of_times),
        literal("rows", Text), _numbers(rows, optional=optional),
        literal("factors", Text), _numbers(factors, optional=False),
        type_=JSONB,
    )  # fmt: skip
    return _with_caps(programme, columns, given)


def _with_caps(programme: Programme, columns: Any, given: Json) -> Json:
    if not programme.caps:
        return given
    cut = [columns[f"cut_{place}"] for place in range(len(programme.caps))]
    named = _named([(cap.id, cut[place]) for place, cap in enumerate(programme.caps)])
    return case((or_(*cut), given.op("||")(_object("capped", named))), else_=given)


def _with_before(programme: Programme, seen: Seen, columns: Any, told: Json) -> Json:
    families = enumerate(families_of(programme, seen))
    paid = [(name, columns[f"paid_{place}"]) for place, (name, _) in families]
    if "is_had" in columns and programme.family not in [name for name, _ in paid]:
        paid.append((programme.family, columns.is_had))
    had = [(per, columns[f"had_{per}"]) for per in caps_over(programme)]
    if not paid and not had:
        return told
    known: list[tuple[Json, Json]] = [(literal(per, Text), func.nullif(fen, 0)) for per, fen in had]
    if paid:
        names = case((or_(*(there for _, there in paid)), _named(paid)))
        known.append((literal("paid", Text), names))
    built = func.jsonb_build_object(*(part for pair in known for part in pair))
    is_any = or_(*(there for _, there in paid), *(fen != 0 for _, fen in had))
    before = _object("before", func.jsonb_strip_nulls(built))
    return case((is_any, told.op("||")(before)), else_=told)


def _numbers(columns: Sequence[tuple[str, Any]], *, optional: bool) -> Json:
    pairs = [part for name, column in columns for part in (literal(name, Text), column)]
    built = func.jsonb_build_object(*pairs, type_=JSONB)
    return func.jsonb_strip_nulls(built, type_=JSONB) if optional else built


def _named(pairs: Sequence[Reason]) -> Json:
    """Return the names of what is so, in their order."""
    names = [
        case((and_(true(), is_so), literal(name, Text)), else_=null()) for name, is_so in pairs
    ]
    if not names:
        return cast(literal("[]", Text), JSONB)
    listed = func.array_remove(cast(array(names), ARRAY(Text)), null())
    return func.to_jsonb(listed, type_=JSONB)


def _object(name: str, value: Json) -> Json:
    return func.jsonb_build_object(literal(name, Text), value, type_=JSONB)
