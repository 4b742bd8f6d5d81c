"""A parameter is a figure a document sets, from one day to another."""

from datetime import date
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import CheckConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, key, structured

ParameterId = NewType("ParameterId", int)


class Standing(StrEnum):
    """How far a figure may be trusted."""

    SOURCED = "sourced"
    REFERENCE = "reference"
    UNSOURCED = "unsourced"


class Parameter(Table, table=True):
    """标准: the value of one key from a day until the day before another, with its basis."""

    __tablename__ = "parameter"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        ExcludeConstraint(
            (
                text(
                    "int8range(key_no::bigint * 100000 + (starts_on - DATE '1900-01-01'),"
                    " key_no::bigint * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"
                ),
                "&&",
            ),
            name="ex_parameter_one_value_a_day",
        ),
        CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND (ends_on IS NULL OR ends_on < DATE '2170-01-01')",
            name="days_fit_the_fold",
        ),
        CheckConstraint(
            "standing = 'unsourced' OR (document <> '' AND clause <> '')", name="basis_is_named"
        ),
    )

    id: int | None = key()
    key: str = Field(max_length=80, index=True)
    key_no: int = Field(
        description="The key's own number, for the constraint that keeps days apart."
    )
    value: Any = structured()
    starts_on: date
    ends_on: date | None = None
    document: str = Field(max_length=200)
    clause: str = Field(max_length=100)
    source: str = Field(default="", max_length=400)
    standing: Standing = chosen_from(Standing)
    pack: str = Field(max_length=60)
