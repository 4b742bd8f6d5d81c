"""Administrative divisions; a code is a prefix chain, and a scope is a prefix."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, ForeignKey, Text
from sqlmodel import Field

from server.db.tables import Table, chosen_from


class DivisionLevel(StrEnum):
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


CODE_LENGTH = {
    DivisionLevel.CITY: 4,
    DivisionLevel.COUNTY: 6,
    DivisionLevel.TOWN: 9,
    DivisionLevel.VILLAGE: 12,
}


class Division(Table, table=True):
    """行政区划: city 4, county 6, town 9, village 12 digits; the parent's code is a prefix."""

    __tablename__ = "division"
    __table_args__ = (
        CheckConstraint(r"code ~ '^\d+$'", name="code_is_digits"),
        CheckConstraint(
            "length(code) = CASE level WHEN 'city' THEN 4 WHEN 'county' THEN 6"
            " WHEN 'town' THEN 9 ELSE 12 END",
            name="code_fits_level",
        ),
        CheckConstraint(
            "(parent_code IS NULL) = (level = 'city')"
            " AND starts_with(code, coalesce(parent_code, ''))",
            name="parent_is_prefix",
        ),
    )

    code: str = Field(sa_column=Column(Text, primary_key=True))
    name: str = Field(min_length=1, max_length=60)
    level: DivisionLevel = chosen_from(DivisionLevel)
    parent_code: str | None = Field(
        default=None,
        sa_column=Column(Text, ForeignKey("division.code"), nullable=True, index=True),
    )
