"""Acts, and the trail that triggers write below the ORM."""

from datetime import datetime
from typing import Any, NewType

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field

from server.db.acts import Face
from server.db.tables import Table, chosen_from, instant, key, refers_to

ActId = NewType("ActId", int)


class TransactionNumber(UserDefinedType[str]):
    """PostgreSQL's xid8: which transaction wrote a row, in an order that never wraps."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


class ActRow(Table, table=True):
    """One intention that changed something: who, for whom, from which face, and why."""

    __tablename__ = "act"
    __table_args__ = (
        Index("ix_act_resident_id", "for_resident_id"),
        Index("ix_act_staff_id", "staff_id", postgresql_where=text("staff_id IS NOT NULL")),
        Index("ix_act_at", "at", postgresql_using="brin"),
    )

    id: int | None = key()
    at: datetime = instant()
    face: Face = chosen_from(Face)
    action: str = Field(max_length=80)
    request_id: str = Field(max_length=64)
    reason: str | None = Field(default=None, max_length=400)
    sign_in_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    account_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    staff_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    for_resident_id: int | None = Field(default=None, sa_column=Column(BigInteger))


class TrailEntry(Table, table=True):
    """One changed row as canonical text: table, operation, key, old and new values."""

    __tablename__ = "trail_entry"

    id: int | None = key()
    act_id: int = refers_to("act.id")
    transaction_number: Any = Field(sa_column=Column(TransactionNumber, nullable=False))
    table_name: str = Field(max_length=63)
    row_key: str = Field(max_length=80)
    body: str = Field(sa_column=Column(Text, nullable=False))

    __table_args__ = (
        Index("ix_trail_entry_table_name_row_key", "table_name", "row_key"),
        Index("ix_trail_entry_transaction_number", "transaction_number", "id"),
        Index("ix_trail_entry_act_id", "act_id"),
    )


class TrailSeal(Table, table=True):
    """A link of the chain: one line of the trail in its place, bound to all lines before it."""

    __tablename__ = "trail_seal"
    __table_args__ = (
        UniqueConstraint("entry_id"),
        CheckConstraint("position > 0", name="position_positive"),
        CheckConstraint("octet_length(digest) = 32", name="digest_is_sha256"),
    )

    position: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    entry_id: int = refers_to("trail_entry.id")
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class TrailAnchor(Table, table=True):
    """The head of the chain as it was written outside the database at that moment."""

    __tablename__ = "trail_anchor"
    __table_args__ = (CheckConstraint("octet_length(digest) = 32", name="digest_is_sha256"),)

    position: int = Field(
        sa_column=Column(ForeignKey("trail_seal.position"), primary_key=True, autoincrement=False)
    )
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = instant()
