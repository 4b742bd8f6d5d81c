"""The answer kept for a key, sealed, for a day."""

from datetime import datetime

from sqlmodel import Field

from server.db.tables import Table, instant, sealed


class IdempotencyKey(Table, table=True):
    """One success of one actor under the key their phone chose."""

    __tablename__ = "idempotency_key"

    subject: str = Field(primary_key=True, max_length=40)
    key: str = Field(primary_key=True, max_length=64)
    operation: str = Field(max_length=80)
    request_digest: bytes = sealed()
    status: int
    answer_cipher: bytes = sealed()
    created_at: datetime = instant()
