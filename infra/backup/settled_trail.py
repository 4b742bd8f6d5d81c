"""What a restore must do so that the trail goes on being sealed where the backup left it."""

from sqlalchemy import Connection, text

from server import clock
from server.audit.rules import Anchor, genesis_of

HAS_SEALS = text("SELECT to_regclass(:name) IS NOT NULL")


def settle_trail(connection: Connection, schema: str, city_code: str) -> Anchor:
    """Make the lines older than every transaction of this cluster; returns the chain's head.

    The sealer takes the lines whose transaction is older than any that still runs. Transaction
    numbers begin anew in another cluster: with the old, higher numbers these lines would wait there
    for years. What is sealed gets 0 and what is not gets 1, so that nothing unsealed comes to lie
    before what is sealed; both are older than every transaction.
    """
    number, head = "'0'", None
    if connection.execute(HAS_SEALS, {"name": f"{schema}.trail_seal"}).scalar_one():
        number = f"""
            CASE WHEN EXISTS (SELECT 1 FROM {schema}.trail_seal s WHERE s.entry_id = e.id)
                 THEN '0' ELSE '1' END::xid8"""
        head = connection.execute(
            text(f"SELECT position, digest FROM {schema}.trail_seal ORDER BY 1 DESC LIMIT 1")
        ).one_or_none()
    connection.execute(text(f"UPDATE {schema}.trail_entry e SET transaction_number = {number}"))
    position, digest = (0, genesis_of(city_code)) if head is None else head
    return Anchor(city_code, position, bytes(digest), clock.now(), restored=True)
