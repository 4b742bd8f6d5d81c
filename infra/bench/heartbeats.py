"""How many heartbeats a second the open API takes: `python -m infra.bench.heartbeats`.

Gateways send batches of 500 over the wire, each with the full way: key, limit, log, act, one
statement. The floor is the same upsert by bare connections, without any of it. Everything lies
under `var/bench-heartbeats`.
"""

import http.client
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from pathlib import Path

import click
import psycopg
from sqlmodel import Session

from infra.bench.cities import city_of_its_own, machine, say, superuser
from infra.bench.client import percentile
from infra.bench.home_month import Builder
from infra.bench.serving import served
from infra.database_roles import DATABASE, libpq_url
from infra.processes import Platform
from server import clock
from server.db.cities import schema_of
from server.db.sessions import transaction
from server.facilities.returns.batches import give_sites
from server.identity.scopes import HEARTBEATS
from server.identity.service.api_keys import issue_key

VAR = Path("var/bench-heartbeats")
CITY = "1405"
BATCH = 500
GOAL = 5000
FLOOR = """
    INSERT INTO floor_day AS h (device_id, day, beats, first_at, last_at)
    SELECT id, %(day)s, 1, %(at)s, %(at)s FROM unnest(%(ids)s::bigint[]) AS d(id) ORDER BY id
        ON CONFLICT (device_id, day) DO UPDATE
       SET beats = h.beats + excluded.beats, last_at = excluded.last_at
"""


@click.command()
@click.option("--beds", default=2500, show_default=True, help="Homes, each with two devices.")
@click.option("--lasts", default=15, show_default=True, help="Seconds that are measured.")
@click.option("--gateways", default=4, show_default=True, help="How many send at once.")
def main(beds: int, lasts: int, gateways: int) -> None:
    """Measure heartbeats a second over the open API, beside the bare statement."""
    with city_of_its_own(VAR, YINLING_RATE_LIMITS="0") as platform:
        devices = _fill(platform, beds)
        floor = _floor(platform, [number for number, _ in devices], lasts, gateways)
        with platform.working("bench.heartbeats") as settings:
            with transaction() as session:
                token = _key(session)
            with served(settings, said=VAR / "server.log") as server:
                sent, took = _send(server.port, token, [s for _, s in devices], lasts, gateways)
        heard = _heard(platform)
    rate = sent / lasts
    mark = "✓" if rate >= GOAL else "✗"
    click.echo(
        f"{rate:,.0f} heartbeats a second (≥ {GOAL:,} {mark}), floor {floor:,.0f}: ratio"
        f" {rate / floor:.2f}; a batch of {BATCH}: p50 {percentile(took, 0.5) * 1000:.0f} ms,"
        f" p95 {percentile(took, 0.95) * 1000:.0f} ms; {gateways} gateways;"
        f" {heard:,} of {sent:,} beats counted\n{machine()}"
    )


def _fill(platform: Platform, beds: int) -> Sequence[tuple[int, str]]:
    with superuser(platform) as connection:
        villages = [row[0] for row in connection.execute(
            "SELECT code FROM division WHERE level = 'village' ORDER BY 1")]  # fmt: skip
        last = clock.today().replace(day=1) - timedelta(days=1)
        builder = Builder(villages, first=last.replace(day=1), last=last, seed=1)
        builder.build(beds, busy_share=0.03)
        builder.month.rows.copy_in(connection)
        connection.execute("CREATE TABLE floor_day (LIKE device_day INCLUDING ALL)")
    return [(row[0], row[1]) for row in builder.month.rows.of("care_device")]


def _key(session: Session) -> str:
    issued = issue_key(
        session, owner="bench", purpose="heartbeats", scopes=[HEARTBEATS], fields=["outcome"],
        rate_per_minute=60_000, days=1,
    )  # fmt: skip
    sites = session.connection().exec_driver_sql("SELECT id FROM site WHERE id >= 1000000")
    give_sites(session, issued.key.id, list(sites.scalars()))
    return issued.token


def _send(
    port: int, token: str, serials: Sequence[str], lasts: int, gateways: int
) -> tuple[int, list[float]]:
    """Send round after round; returns how many beats were answered, and each batch's seconds."""
    headers = {
        "Authorization": f"Bearer {token}", "Purpose": "bench", "Content-Type": "application/json",
    }  # fmt: skip
    batches = [_body(serials[first : first + BATCH]) for first in range(0, len(serials), BATCH)]

    def gateway(number: int) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        own, took = batches[number::gateways], []
        for turn in _until(lasts):
            body = own[turn % len(own)].replace("@AT@", clock.now().isoformat())
            began = time.monotonic()
            connection.request("POST", "/open/v1/heartbeats", body=body, headers=headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 200:
                raise click.ClickException(f"{answer.status}: {said[:300]!r}")
            took.append(time.monotonic() - began)
        return took

    took = sorted(_at_once(gateway, gateways))
    return len(took) * BATCH, took


def _body(serials: Sequence[str]) -> str:
    beats = ", ".join(f'{{"serial": "{serial}", "at": "@AT@"}}' for serial in serials)
    return f'{{"beats": [{beats}]}}'


def _floor(platform: Platform, ids: Sequence[int], lasts: int, gateways: int) -> float:
    say("The bare statement …")
    url = libpq_url(platform.embedded_server.url(database=DATABASE))

    def gateway(number: int) -> list[float]:
        done: list[float] = []
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"SET search_path TO {schema_of(CITY)}".encode())
            every = [list(ids[first : first + BATCH]) for first in range(0, len(ids), BATCH)]
            batches = every[number::gateways]
            for turn in _until(lasts):
                at = clock.now()
                given = {"ids": batches[turn % len(batches)], "day": at.date(), "at": at}
                connection.execute(FLOOR, given)
                done.append(0.0)
        return done

    return len(_at_once(gateway, gateways)) * BATCH / lasts


def _at_once(work: Callable[[int], list[float]], number: int) -> list[float]:
    with ThreadPoolExecutor(number) as pool:
        return [one for took in pool.map(work, range(number)) for one in took]


def _until(seconds: float) -> Iterator[int]:
    ends = time.monotonic() + seconds
    for turn in count():
        if time.monotonic() >= ends:
            return
        yield turn


def _heard(platform: Platform) -> int:
    with superuser(platform) as connection:
        today = clock.today() - timedelta(days=1)
        query = "SELECT coalesce(sum(beats), 0) FROM device_day WHERE day >= %s"
        row = connection.execute(query, [today]).fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
