"""Reading a sealed trail again beside `sha256sum` of the same bytes: `python -m infra.bench.audit`.

The lines are a booking's, two to an act, as the trigger writes them; they are sealed by the sealer
and read again in one stream, as `yinling audit verify` does.
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import click
import psycopg

from infra.bench.ground import CITY
from infra.bench.report import aligned
from infra.cities import add_city
from infra.database_roles import DATABASE, libpq_url
from infra.processes import Platform
from server.audit.rules import Anchor
from server.audit.sealing import LINE, find_head, seal
from server.audit.verifying import verify
from server.clock import now
from server.db.cities import schema_of
from server.db.streams import Stream, open_stream

VAR = Path("var/bench-audit")
GOAL = 5.0
LINES_AN_ACT = 2
OWN_SETTINGS = {"YINLING_ENV": "development", "YINLING_VAR": str(VAR), "YINLING_CITY": CITY}

ACTS = """
    INSERT INTO act (at, face, action, request_id, sign_in_id, account_id, for_resident_id)
    SELECT timestamptz '2026-01-01 00:00+00' + n * interval '1 second', 'phone',
           'bookings.book_meal', md5(n::text), n, n, n FROM generate_series(1, %s) AS n
"""
LINES = """
    INSERT INTO trail_entry (act_id, transaction_number, table_name, row_key, body)
    SELECT a.id, '1', 'booking', (a.id * 2 + k)::text,
           jsonb_build_object('act', a.id, 'who', jsonb_strip_nulls(jsonb_build_object(
                 'at', a.at, 'face', a.face, 'action', a.action, 'request', a.request_id,
                 'sign_in', a.sign_in_id, 'account', a.account_id,
                 'for_resident', a.for_resident_id)),
               'table', 'booking', 'key', (a.id * 2 + k)::text, 'op', 'INSERT', 'old', NULL,
               'new', jsonb_build_object('id', a.id * 2 + k, 'code', '482913', 'meal', 'lunch',
                 'status', 'booked', 'booked_by', 'self', 'booked_at', a.at,
                 'service_on', '2026-11-22', 'sitting_id', k, 'canteen_id', k,
                 'resident_id', a.id, 'subsidy_fen', 300, 'own_pay_fen', 700,
                 'charity_fen', 0, 'list_price_fen', 1200, 'operator_discount_fen', 200,
                 'subsidised_no', 1, 'reasons', jsonb_build_array(jsonb_build_object(
                   'code', 'subsidy-by-age', 'amount_fen', 300, 'parameter_id', 7)),
                 'collected_at', NULL, 'cancelled_at', NULL, 'cancel_reason', NULL))::text
      FROM act a CROSS JOIN generate_series(1, %s) AS k ORDER BY a.id, k
"""
SAME_BYTES = """
    COPY (SELECT {line} FROM trail_seal s JOIN trail_entry e ON e.id = s.entry_id
            JOIN act a ON a.id = e.act_id ORDER BY s.position) TO STDOUT
"""


@click.command()
@click.option("--entries", default=1_000_000, show_default=True, help="How long the trail is.")
@click.option("--pairs", default=3, show_default=True, help="How often both are measured.")
def main(entries: int, pairs: int) -> None:
    """Measure verifying the trail beside sha256sum, on a database of its own."""
    with _sealed_trail(entries) as stream:
        head = find_head(stream, CITY)
        anchors = [Anchor(CITY, head.position, head.digest, now())]
        same = _write_the_same_bytes(stream)
        ours, floors = [], []
        for number in range(pairs):
            _say(f"Verifying, {number + 1} of {pairs} …")
            floors.append(_seconds(lambda: _sha256sum(same)))
            ours.append(_seconds(lambda: _read(stream, anchors, head.position)))
        click.echo(_report(head.position, same.stat().st_size, ours, floors))
        same.unlink()


@contextmanager
def _sealed_trail(entries: int) -> Iterator[Stream]:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_SEALER_URL"):
        os.environ.pop(name, None)
    os.environ.update(OWN_SETTINGS)
    platform = Platform(say=_say)
    try:
        _make_city(platform)
        _fill(platform.embedded_server.url(database=DATABASE), entries)
        with open_stream(platform.sealer_url(), CITY, name="bench") as stream:
            sealing = _seconds(lambda: seal(stream, CITY))
            _say(f"Sealed {entries:,} lines in {sealing:.1f} s")
            yield stream
    finally:
        platform.close()


def _make_city(platform: Platform) -> None:
    server = platform.embedded_server
    server.start()
    with psycopg.connect(libpq_url(server.url()), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)".encode())
    context_key = platform.connect().context_key.get_secret_value()
    platform.wire()
    _say("Making the city …")
    add_city(CITY, owner=platform.owner(), context_key=context_key)


def _fill(superuser_url: str, entries: int) -> None:
    _say(f"Writing {entries:,} lines …")
    with psycopg.connect(libpq_url(superuser_url), autocommit=True) as connection:
        connection.execute(f"SET search_path TO {schema_of(CITY)}".encode())
        connection.execute("TRUNCATE trail_anchor, trail_seal, trail_entry, act CASCADE")
        with connection.transaction():  # an act that ends without a line gets one of its own
            connection.execute(ACTS, (entries // LINES_AN_ACT,))
            connection.execute(LINES, (LINES_AN_ACT,))
        connection.execute("VACUUM ANALYZE act, trail_entry")


def _write_the_same_bytes(stream: Stream) -> Path:
    path = VAR / "lines"
    statement = SAME_BYTES.format(line=LINE.as_string(stream)).encode()
    with path.open("wb") as file, stream.cursor().copy(statement) as copy:
        for line in copy:
            file.write(line)
    return path


def _read(stream: Stream, anchors: list[Anchor], position: int) -> None:
    verdict = verify(stream, CITY, anchors)
    if verdict.broken is not None or verdict.last != position:
        raise RuntimeError(f"the trail is not whole: {verdict}")


def _sha256sum(path: Path) -> None:
    subprocess.run(["sha256sum", str(path)], check=True, stdout=subprocess.DEVNULL)


def _seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _report(lines: int, size: int, ours: list[float], floors: list[float]) -> str:
    ratio = median(mine / floor for mine, floor in zip(ours, floors, strict=True))
    rows = [
        ("", "seconds", "lines /s"),
        ("yinling audit verify", f"{median(ours):.2f}", f"{lines / median(ours):,.0f}"),
        ("sha256sum of the same bytes", f"{median(floors):.2f}", f"{lines / median(floors):,.0f}"),
    ]
    mark = "✓" if ratio <= GOAL else "✗"
    said = f"{lines:,} lines, {size / 1e6:,.0f} MB; load {os.getloadavg()[0]:.1f}"
    return f"{aligned(rows)}\nratio {ratio:.1f} (≤ {GOAL:.0f} {mark}); {said}"


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


if __name__ == "__main__":
    main()
