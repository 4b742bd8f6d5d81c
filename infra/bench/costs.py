"""What the trail and row security cost a booking: the same floor on copies that lack them."""

from collections.abc import Mapping
from statistics import median

import psycopg
from sqlalchemy import make_url

from infra.bench import city
from infra.bench.cpu import Meter
from infra.bench.ground import CITY, Ground, Say
from infra.bench.measuring import FIRST_FREE_RUN, Amount
from infra.bench.pgbench import CLIENTS
from infra.bench.report import aligned
from infra.database_roles import DATABASE, libpq_url
from server.db.cities import schema_of

TRANSACTIONS = 1_000

DROP_TRAIL = """
    DO $$ DECLARE t record; BEGIN
        FOR t IN SELECT tgrelid::regclass AS of FROM pg_trigger WHERE tgname = 'trail' LOOP
            EXECUTE format('DROP TRIGGER trail ON %s', t.of);
        END LOOP;
    END $$
"""
# Without other lines every act would write its own.
DROP_LINES_OF_ACTS = "DROP TRIGGER line_of_its_own ON act"
DROP_ROW_SECURITY = """
    DO $$ DECLARE c record; BEGIN
        FOR c IN SELECT oid::regclass AS of FROM pg_class WHERE relrowsecurity LOOP
            EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', c.of);
        END LOOP;
    END $$
"""
COPIES: Mapping[str, tuple[str, ...]] = {
    "as it is": (),
    "without the look for bare acts": (DROP_LINES_OF_ACTS,),
    "without the trail": (DROP_TRAIL, DROP_LINES_OF_ACTS),
    "without row security": (DROP_ROW_SECURITY,),
    "without both": (DROP_TRAIL, DROP_LINES_OF_ACTS, DROP_ROW_SECURITY),
}


def measure_costs(ground: Ground, amount: Amount, *, say: Say) -> str:
    """Return a table: what a booking by pgbench costs PostgreSQL, with and without each."""
    urls = _make_copies(ground)
    meter = Meter(ground.database_pid, ground.database_pid)
    spent_on: dict[str, list[float]] = {name: [] for name in COPIES}
    for number in range(amount.pairs):
        say(f"Costs, {number + 1} of {amount.pairs} …")
        run = city.Run(FIRST_FREE_RUN + number, is_hot=False)
        for name, url in urls.items():
            with meter.watching() as spent:
                ground.floor(run, transactions=TRANSACTIONS, url=url)
            spent_on[name].append(spent.per(TRANSACTIONS * CLIENTS).database)
    return _table(spent_on)


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


def _table(spent_on: Mapping[str, list[float]]) -> str:
    whole = spent_on["as it is"]
    rows = [("a booking by pgbench", "PostgreSQL's CPU", "of the whole")]
    for name, values in spent_on.items():
        ratio = median(value / all_ for value, all_ in zip(values, whole, strict=True))
        rows.append((name, f"{median(values):.2f} ms", f"{ratio:.2f}"))
    return aligned(rows)
