"""What a measurement stands on: a server of its own, a city made anew, and the floor's script.

Everything lies under `var/bench`, and nothing of it is shared with the platform under `var`.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import Connection, text

from infra.bench import city
from infra.bench.floor import OneBooking, parameters_of, script_of
from infra.bench.pgbench import CLIENTS, run_pgbench
from infra.bench.recording import recording
from infra.cities import add_city
from infra.database_roles import DATABASE, libpq_url
from infra.postgres_process import postmaster_pid
from infra.processes import Platform
from mobile_api.app import create_app
from server.db.cities import in_city, schema_of
from server.db.sessions import transaction

CITY = "1405"
VAR = Path("var/bench")
RECORDED = city.Run(1, is_hot=True)
RECORDED_ORDINAL = city.RESIDENTS - 1
OWN_SETTINGS = {
    "YINLING_ENV": "development",
    "YINLING_VAR": str(VAR),
    "YINLING_CITY": CITY,
    "YINLING_RATE_LIMITS": "0",
}

Say = Callable[[str], None]


@dataclass(frozen=True)
class Ground:
    """A city ready to be booked in, and how its floor is found."""

    platform: Platform
    script: Path

    @property
    def app_url(self) -> str:
        url = self.platform.settings.database_url
        assert url is not None
        return url.get_secret_value()

    @property
    def database_pid(self) -> int:
        """The process that all of the database's belong to."""
        pid = postmaster_pid(self.platform.embedded_server.home)
        assert pid is not None
        return pid

    def floor(self, run: city.Run, *, transactions: int, url: str | None = None) -> float:
        """Let pgbench book on the run's day; returns bookings a second."""
        return run_pgbench(
            self.platform.embedded_server.binaries,
            url or self.app_url,
            self.script,
            variables=parameters_of(run),
            transactions=min(transactions, city.RESIDENTS // CLIENTS),
        )

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """A look at every row of the city, as its owner."""
        with self.platform.owner().connect() as connection:
            connection.execute(text(f"SET search_path TO {schema_of(CITY)}"))
            yield connection


@contextmanager
def made_anew(*, runs: int, say: Say) -> Iterator[Ground]:
    """Make a city with days for so many runs, and write the floor's script from one booking."""
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("DATABASE_OWNER_URL", None)
    os.environ.update(OWN_SETTINGS)
    platform = Platform(say=say)
    try:
        _forget_last_time(platform)
        say("Making the city …")
        _make_city(platform, runs=runs)
        ground = Ground(platform, VAR / "floor.sql")
        ground.script.write_text(_floor_script(platform), encoding="utf-8")
        yield ground
    finally:
        platform.close()


def _forget_last_time(platform: Platform) -> None:
    server = platform.embedded_server
    server.start()
    with psycopg.connect(libpq_url(server.url()), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def _make_city(platform: Platform, *, runs: int) -> None:
    context_key = platform.connect().context_key.get_secret_value()
    platform.wire()
    add_city(CITY, owner=platform.owner(), context_key=context_key)
    with platform.working("bench.fill"), transaction() as session:
        city.fill(session, runs=runs)
    owner = platform.owner().execution_options(isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _floor_script(platform: Platform) -> str:
    """Book one meal through the API of this process, and turn what it sent into the floor."""
    key = str(uuid.uuid4())
    resident = city.FIRST_RESIDENT + RECORDED_ORDINAL
    with in_city(CITY), recording(platform.wire()) as heard:
        answer = (
            create_app()
            .test_client()
            .post(
                "/v1/bookings",
                json={"sitting_id": RECORDED.first_sitting, "resident_id": resident},
                headers={
                    "Authorization": f"Bearer {city.token_of(RECORDED_ORDINAL)}",
                    "Idempotency-Key": key,
                },
            )
        )
    if answer.status_code != 201:
        raise RuntimeError(f"the booking to be recorded was refused: {answer.text}")
    booking = OneBooking(
        ordinal=RECORDED_ORDINAL,
        sitting_id=RECORDED.first_sitting,
        code=answer.json["code"],
        key=key,
        request_id=heard[0].values["request_id"],
    )
    return script_of(heard, booking)
