"""One transaction that serves several people who asked in the same moment, each by their own act.

`server.db.sessions` serves one. Here the database lets see no more than the residents who were
asked for, each by somebody who may act for them, and refuses a change that is none of theirs.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, DateTime, String, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.selectable import TextualSelect
from sqlmodel import Session

from server.db.acts import Actor
from server.db.cities import current_city, schema_of
from server.db.sessions import session_factory, token_digest

# A few rows are always found by their keys, however few or many the tables hold; and the plan that
# says so is made once a connection. Left to itself, the planner reads every resident.
BY_KEY_ALONE = """
                   set_config('enable_seqscan', 'off', true),
                   set_config('enable_hashjoin', 'off', true),
                   set_config('enable_mergejoin', 'off', true),
                   set_config('plan_cache_mode', 'force_generic_plan', true)""".strip()

_ACT = text("SELECT act_together(:residents)").bindparams(
    bindparam("residents", type_=ARRAY(BigInteger))
)
_opening_statements: dict[str, TextualSelect] = {}


@dataclass(frozen=True)
class Asking:
    """Somebody who asks for something for a resident, from a phone."""

    token: str
    resident_id: int
    action: str
    request_id: str


@contextmanager
def transaction_together(
    asking: Sequence[Asking], *, scope: str, at: datetime
) -> Iterator[tuple[Session, Mapping[int, Actor]]]:
    """Commit the block if it ends well, roll it back if it raises.

    Yields the session and, by place in `asking`, those who may act in this matter for the resident
    they name. A resident is served once: whoever names the same one later is not among them.
    Nothing can be written before `act_for`.
    """
    session = session_factory()
    try:
        with session.begin():
            yield session, _enter(session, asking, scope, at)
    finally:
        session.close()


def act_for(session: Session, residents: Sequence[int]) -> None:
    """Write an act for each of these residents, of whoever asked for them."""
    session.connection().execute(_ACT, {"residents": list(residents)})


def _enter(
    session: Session, asking: Sequence[Asking], scope: str, at: datetime
) -> Mapping[int, Actor]:
    asked = [
        {
            "place": place,
            "digest": token_digest(one.token).hex(),
            "resident": one.resident_id,
            "action": one.action,
            "request": one.request_id,
        }
        for place, one in enumerate(asking)
    ]
    statement = _opening_statement(schema_of(current_city()))
    values = {"asked": asked, "at": at, "scope": scope}
    known = session.connection().execute(statement, values).one().known
    return {one["place"]: _actor(one) for one in known}


def _actor(one: Mapping[str, int]) -> Actor:
    """An account that may act for this resident; whom else it acts for is not looked at."""
    residents = (one["resident"],)
    return Actor(
        sign_in_id=one["sign_in"],
        account_id=one["account"],
        resident_ids=residents,
        own_resident_ids=residents if one["is_own"] else (),
    )


def _opening_statement(schema: str) -> TextualSelect:
    """Built once a city, as that of one actor: the schema's name is checked and stands in it."""
    if schema not in _opening_statements:
        _opening_statements[schema] = (
            text(
                f"""
            SELECT set_config('search_path', '{schema}, pg_temp', true),
                   set_config('transaction_read_only', 'off', true),
                   {BY_KEY_ALONE},
                   {schema}.enter_together(:asked, :at, :scope) AS known
            """
            )
            .bindparams(
                bindparam("asked", type_=JSONB),
                bindparam("at", type_=DateTime(timezone=True)),
                bindparam("scope", type_=String),
            )
            .columns(known=JSONB)
        )
    return _opening_statements[schema]
