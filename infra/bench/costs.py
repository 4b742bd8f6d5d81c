"""What the trail and row security cost a booking: the same floor on copies that lack them."""

from collections.abc import Mapping
from statistics import median

import psycopg
from sqlalchemy import make_url

from infra.bench import city
from infra.bench.ground import CITY, Ground, Say
from infra.bench.measuring import FIRST_FREE_RUN, Amount
from infra.bench.report import aligned
from infra.database_roles import DATABASE, libpq_url
from server.db.cities import schema_of

DROP_TRAIL = """
    DO $$ DECLARE t record; BEGIN
        FOR t IN SELECT tgrelid::regclass AS of FROM pg_trigger WHERE tgname = 'trail' LOOP
            EXECUTE format('DROP TRIGGER trail ON %s', t.of);
        END LOOP;
    END $$
"""
DROP_ROW_SECURITY = """
    DO $$ DECLARE c record; BEGIN
        FOR c IN SELECT oid::regclass AS of FROM pg_class WHERE relrowsecurity LOOP
            EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', c.of);
        END LOOP;
    END $$
"""
COPIES: Mapping[str, tuple[str, ...]] = {
    "as it is": (),
    "without the trail": (DROP_TRAIL,),
    "without row security": (DROP_ROW_SECURITY,),
    "without both": (DROP_TRAIL, DROP_ROW_SECURITY),
}


def measure_costs(ground: Ground, amount: Amount, *, say: Say) -> str:
    """Return a table: bookings a second by pgbench, spread over 50, with and without each."""
    urls = _make_copies(ground)
    rates: dict[str, list[float]] = {name: [] for name in COPIES}
    transactions = 150
    for number in range(amount.pairs + 1):
        say(f"Costs, {number} of {amount.pairs} …")
        run = city.Run(FIRST_FREE_RUN + number, is_hot=False)
        for name, url in urls.items():
            rates[name].append(ground.floor(run, transactions=transactions, url=url))
        transactions = round(max(r[-1] for r in rates.values()) * amount.seconds / 4)
    return _table({name: values[1:] for name, values in rates.items()})


def _make_copies(ground: Ground) -> dict[str, str]:
    ground.platform.owner().dispose()
    ground.platform.wire().dispose()
    server = ground.platform.embedded_server
    urls = {}
    for number, (name, statements) in enumerate(COPIES.items()):
        copy = f"{DATABASE}_copy_{number}"
        with psycopg.connect(libpq_url(server.url()), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {copy} TEMPLATE {DATABASE}".encode())
            connection.execute(f"GRANT CONNECT ON DATABASE {copy} TO yinling_app".encode())
        with psycopg.connect(libpq_url(server.url(database=copy)), autocommit=True) as connection:
            connection.execute(f"SET search_path TO {schema_of(CITY)}".encode())
            for statement in statements:
                connection.execute(statement.encode())
        urls[name] = make_url(ground.app_url).set(database=copy).render_as_string(False)
    return urls


def _table(rates: Mapping[str, list[float]]) -> str:
    whole = rates["as it is"]
    rows = [("booking by pgbench, spread over 50", "tps", "of the whole")]
    for name, values in rates.items():
        ratio = median(value / all_ for value, all_ in zip(values, whole, strict=True))
        rows.append((name, f"{median(values):,.0f}", f"{ratio:.2f}"))
    return aligned(rows)
