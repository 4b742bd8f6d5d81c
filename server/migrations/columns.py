"""Column types that the steps share; frozen like the steps themselves."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import UserDefinedType


class TransactionNumber(UserDefinedType[str]):
    """PostgreSQL's xid8."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


def key() -> sa.Column[int]:
    """Return the whole-number key that the database counts."""
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def text(name: str, longest: int) -> sa.Column[str]:
    """Return a column of text that is never without a value."""
    return sa.Column(name, sa.String(length=longest), nullable=False)


def chosen(column: str, name: str, *values: str, nullable: bool = False) -> sa.Column[str]:
    """Return a column that holds one of the words; the check on it has this name."""
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)
    return sa.Column(column, kind, nullable=nullable)


def refers(table: str, *, nullable: bool = False, **targets: str) -> list[SchemaItem]:
    """Return columns that each hold a key of another table: `column="table"`."""
    items: list[SchemaItem] = []
    for column, target in targets.items():
        name = op.f(f"fk_{table}_{column}")
        items.append(sa.Column(column, sa.BigInteger(), nullable=nullable))
        items.append(sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name))
    return items


def may_refer(table: str, **targets: str) -> list[SchemaItem]:
    """Return columns as `refers`, which may be empty."""
    return refers(table, nullable=True, **targets)


def checks(table: str, **conditions: str) -> list[sa.CheckConstraint]:
    """Return the checks of a table: `name="condition"`."""
    return [
        sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
        for name, condition in conditions.items()
    ]
