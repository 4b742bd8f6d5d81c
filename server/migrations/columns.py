"""Column types that the steps share; frozen like the steps themselves."""

from sqlalchemy.types import UserDefinedType


class TransactionNumber(UserDefinedType[str]):
    """PostgreSQL's xid8."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"
