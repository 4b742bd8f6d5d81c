"""The pure parts of the benchmark: scripts, requests, what generators report, ratios."""

import os
import re
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from psycopg import Binary
from psycopg.types.json import Jsonb

from infra.bench import audit, city, client
from infra.bench.cpu import Meter, Spent
from infra.bench.floor import OneBooking, literal, script_of
from infra.bench.load import Load, read_answers, read_wrk
from infra.bench.pgbench import FloorBroke, read_rate
from infra.bench.proof import Proof
from infra.bench.recording import Statement
from infra.bench.report import Cost, Measured, aligned
from infra.bench.traffic import Booking, Reading

RECORDED = OneBooking(
    ordinal=7,
    sitting_id=4_000_100,
    code="429082",
    key="key-of-the-phone",
    request_id="request-of-the-phone",
)
REPORT = """
number of transactions actually processed: 1544
number of failed transactions: {failed} (0.000%)
tps = 310.990618 (without initial connection time)
"""


def load(rate, p99_ms=10.0):
    return Load(round(rate), 0, 0, 1.0, 1.0, 2.0, p99_ms)


@pytest.mark.parametrize(
    ("value", "sql"),
    [
        (None, "NULL"),
        (True, "true"),
        (1200, "1200"),
        (b"\x01\xff", r"'\x01ff'::bytea"),
        ("it's", "E'it''s'"),
        ("back\\slash", r"E'back\\slash'"),
        (date(2026, 11, 22), "E'2026-11-22'::date"),
        (["a", 1], "ARRAY[E'a', 1]"),
    ],
)
def test_a_value_stands_in_the_script_as_sql(value, sql):
    assert literal(value) == sql


@pytest.mark.parametrize(
    "value", [datetime(2026, 11, 22, 4, 5, tzinfo=UTC), Jsonb([{"a": None}]), ":who"]
)
def test_no_literal_holds_what_pgbench_takes_for_a_variable(value):
    assert not re.search(r"(?<!:):[A-Za-z_]", literal(value))


def test_the_script_books_for_another_resident_each_time():
    insert = Statement(
        "INSERT INTO booking (resident_id, code, reasons) VALUES\n"
        "  (%(resident)s::BIGINT, %(code)s, %(reasons)s)",
        {"resident": city.FIRST_RESIDENT + 7, "code": "429082", "reasons": Jsonb([])},
    )
    read = Statement("SELECT 5 %% 2, %(since)s", {"since": date(2026, 11, 22)})
    who = Statement("SELECT %(digest)s", {"digest": Binary(city.digest_of(7))})

    script = script_of([who, insert, read], RECORDED)

    lines = script.splitlines()
    assert lines[-5:] == [
        "BEGIN;",
        f"SELECT {city.token_digest_sql(':who')};",
        f"INSERT INTO booking (resident_id, code, reasons) VALUES (({city.FIRST_RESIDENT} + :who)"
        "::BIGINT, lpad((:code)::text, 6, '0'), E'[]'::jsonb);",
        "SELECT 5 % 2, E'2026-11-22'::date;",
        "COMMIT;",
    ]


def test_a_rate_is_read_only_where_nothing_failed():
    assert read_rate(REPORT.format(failed=0)) == 310.990618
    for broken in (REPORT.format(failed=3), "FATAL: no", REPORT.format(failed=0) + "aborted"):
        with pytest.raises(FloorBroke):
            read_rate(broken)


def test_both_generators_send_the_same_booking():
    run = city.Run(3, is_hot=False)
    request = Booking(run).request(52, "127.0.0.1:8000").decode()
    options, environment = Booking(run).as_wrk()

    assert request.startswith("POST /api/v1/bookings HTTP/1.1\r\n")
    assert f'"sitting_id":{run.first_sitting + 2}' in request
    assert f'"resident_id":{city.FIRST_RESIDENT + 52}' in request
    assert f"Bearer {environment['BENCH_TOKEN_FORMAT'] % 52}" in request
    assert options == ["--header=Accept-Language: zh-CN"]


def test_a_reading_carries_its_headers():
    reading = Reading("/api/v1/ping", {"If-None-Match": '"1"'})

    assert b'\r\nIf-None-Match: "1"\r\n' in reading.request(0, "127.0.0.1")
    assert '--header=If-None-Match: "1"' in reading.as_wrk()[0]


@pytest.mark.parametrize(
    ("received", "length"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", 42),
        (b"HTTP/1.1 304 Not Modified\r\netag: 1\r\n\r\n", 38),
    ],
)
def test_an_answer_is_as_long_as_its_head_says(received, length):
    assert client.answer_length(received) == length


def test_percentiles():
    values = [float(number) for number in range(100, 0, -1)]

    assert client.percentile(values, 0.5) == 50
    assert client.percentile(values, 0.99) == 99
    assert client.percentile([], 0.99) == 0


def test_what_wrk_reports_is_read():
    line = (
        'LOAD {"answers":10,"refused":4,"broken":0,"seconds":2.0,'
        '"p50_ms":1.0,"p95_ms":2.0,"p99_ms":3.0}'
    )

    assert read_wrk(f"Running 2s test\n{line}\n").rate == 3
    with pytest.raises(ValueError, match="did not end"):
        read_wrk("unable to connect")


class Always(BaseHTTPRequestHandler):
    """Answers every GET, /no with a refusal."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(404 if self.path == "/no" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


class Quiet(ThreadingHTTPServer):
    """Says nothing of a client that hangs up."""

    def handle_error(self, *_):
        pass


@pytest.fixture
def port():
    with Quiet(("127.0.0.1", 0), Always) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_our_own_client_keeps_every_connection_busy(port):
    answers = client.work(Reading("/yes"), port, connections=3, seconds=0.2, first=0)

    found = read_answers(answers, seconds=0.2)
    assert found.answers > 3
    assert (found.refused, found.broken) == (0, 0)
    assert 0 < found.p50_ms <= found.p99_ms


def test_our_own_client_counts_refusals(port):
    answers = client.work(Reading("/no"), port, connections=1, seconds=0.05, first=0)

    assert answers.refused == len(answers.took_s) > 0


def test_a_ratio_is_the_median_of_neighbours():
    measured = Measured("book", 0.5, [load(50), load(10), load(60)], [100, 10, 200])

    assert measured.ratio == 0.5
    assert measured.is_reached
    assert not Measured("book", 0.5, [load(99, p99_ms=200)], [100], 150).is_reached


def test_cpu_of_ended_children_is_counted():
    meter = Meter(os.getpid(), os.getpid())

    with meter.watching() as spent:
        subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)

    assert spent.client > 0
    assert spent.application >= spent.client


def test_the_ratio_by_cpu_is_the_median_of_neighbours():
    ours = [Spent(4, 3, 1), Spent(2, 1, 1)]
    floors = [Spent(0, 3, 1), Spent(0, 1, 0)]

    cost = Cost("book", ours, floors)

    assert cost.ratio == pytest.approx((0.5 + 0.25) / 2)
    assert str(cost).startswith("CPU to book: 3.0 ms application, 2.0 ms PostgreSQL; floor 2.5 ms")
    assert Spent(1, 0, 0).per(1000) == Spent(1, 0, 0)


def test_columns_are_aligned():
    assert aligned([("a", "bb"), ("ccc", "d")]) == "a    bb\nccc   d"


def test_a_proof_fails_on_each_kind_of_wrong_row():
    assert Proof(1, 1, 0, 0, 0).holds
    for wrong in ({"oversold": 1}, {"miscounted": 1}, {"twice": 1}):
        assert not Proof(**{**vars(Proof(1, 1, 0, 0, 0)), **wrong}).holds


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(3.0, "ratio 3.0 (≤ 5 ✓)"), (7.0, "ratio 7.0 (≤ 5 ✗)")]
)
def test_reading_the_trail_is_judged_by_the_median_of_its_pairs(seconds, verdict):
    report = audit._report(1000, 5_000_000, [1.0, seconds, 90.0], [1.0, 1.0, 1.0])

    assert verdict in report
    assert "1,000 lines, 5 MB" in report
