"""The base of every table, and the columns that many tables share."""

import enum
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    literal,
    literal_column,
)
from sqlalchemy import Table as CoreTable
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


class Table(SQLModel):
    """Base of every table, so that every constraint has a name that can be looked up."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def table_of(model: type[SQLModel]) -> CoreTable:
    """Return the Core table of a model, for statements that leave the ORM aside."""
    table: CoreTable = model.__table__  # type: ignore[attr-defined]
    return table


def key() -> Any:
    """The table's own number, given by the database: small, ordered, foldable into ranges."""
    return Field(
        default=None, sa_column=Column(BigInteger, Identity(), primary_key=True, nullable=False)
    )


def refers_to(target: str, *, optional: bool = False, **column: Any) -> Any:
    """A column that holds the key of a row elsewhere, for instance `refers_to("resident.id")`."""
    given: dict[str, Any] = {"default": None} if optional else {}
    return Field(
        sa_column=Column(BigInteger, ForeignKey(target), nullable=optional, **column), **given
    )


def chosen_from(
    choices: type[enum.Enum],
    *,
    optional: bool = False,
    check: str | None = None,
    standing: enum.Enum | None = None,
    **given: Any,
) -> Any:
    """A column that holds one value of an enum, stored as that value, checked by the database.

    `check` names the constraint where a table has two columns of one enum. `standing` is what the
    database puts where a statement says nothing, as statements of older code do.
    """
    kind = Enum(
        choices,
        native_enum=False,
        create_constraint=True,
        name=check or choices.__name__.lower(),
        length=30,
        values_callable=lambda members: [member.value for member in members],
    )
    if optional:
        given.setdefault("default", None)
    if standing is not None:
        given.setdefault("default", standing)
    default = None if standing is None else standing.value
    return Field(sa_column=Column(kind, nullable=optional, server_default=default), **given)


def as_wide_as_any(number: int) -> ColumnElement[int]:
    """Return a number to be held against a column of whole numbers, however narrow that is.

    What somebody typed may be larger than any number there: then it is nobody's, and no fault.
    """
    return literal(number, BigInteger)


def spelled_out(choice: enum.Enum) -> ColumnElement[str]:
    """A value of an enum in the text of a statement, instead of bound to it.

    Only so can a prepared statement use an index that holds some rows alone.
    """
    return literal_column(f"'{choice.value}'", Text)


def instant(*, optional: bool = False, **given: Any) -> Any:
    """A column that holds a moment, always with its time zone."""
    if optional:
        given.setdefault("default", None)
    return Field(sa_column=Column(DateTime(timezone=True), nullable=optional), **given)


def fen(*, optional: bool = False, **given: Any) -> Any:
    """An amount of money in whole fen."""
    if optional:
        given.setdefault("default", None)
    return Field(sa_column=Column(Integer, nullable=optional), **given)


def sealed(*, optional: bool = False, **given: Any) -> Any:
    """Bytes that only a holder of the keys can read, or a digest of something secret."""
    if optional:
        given.setdefault("default", None)
    return Field(sa_column=Column(LargeBinary, nullable=optional), **given)


def words(**given: Any) -> Any:
    """A short list of marks from the glossary."""
    return Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False), **given)


def structured(*, optional: bool = False, **given: Any) -> Any:
    """A small structured value, stored as JSONB."""
    if optional:
        given.setdefault("default", None)
    return Field(sa_column=Column(JSONB, nullable=optional), **given)


def different_people(one: str, other: str, *, name: str) -> CheckConstraint:
    """A constraint that two columns never name the same person, for instance
    `different_people("created_by", "approved_by", name="not_approved_by_its_author")`.

    A column that names nobody breaks nothing.
    """
    return CheckConstraint(f"{one} <> {other}", name=name)
