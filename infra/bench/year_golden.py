"""Published figures, reckoned by the packs of their own cities, each in a city of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import psycopg

from infra.bench.cities import say
from infra.bench.year_city import FIRST, YEAR
from infra.bench.year_hands import Hands, be_on, platform, sit_down
from infra.bench.year_proof import Proof
from infra.bench.year_runs import Tally, read, reckon
from infra.cities import add_city
from infra.database_roles import DATABASE, libpq_url
from infra.processes import Platform
from server.db.cities import in_city, schema_of
from server.identity.models import Role
from server.policies.programmes.packs import read_shipped
from server.policies.programmes.proposing import activate, propose
from server.subsidies.reckoning.recomputing import recompute
from server.subsidies.reckoning.service import get_run

JANUARY, A_YEAR = date(YEAR, 1, 1), 12
IN_FORCE = date(YEAR - 1, 7, 1)
A_SITE = """
    INSERT INTO site (id, kind, name, division_code, address, opening_state, features)
    SELECT %(first)s, %(kind)s, '测试机构', min(code), '', 'open', '{}'
      FROM division WHERE level = 'county'
"""
ELDERS = """
    INSERT INTO resident (id, name, pinyin, initials, sex, born_on, village_code, address)
    SELECT %(first)s + n, '测试老人' || n, '', '', 'female', DATE '1940-01-01', d.code, ''
      FROM generate_series(0, %(elders)s - 1) AS n,
           (SELECT min(code) AS code FROM division WHERE level = 'county') AS d
"""
BEDS = """
    INSERT INTO bed (id, site_id, room_id, kind, label, is_nursing, nursing_evidence, opened_on,
                     recorded_at)
    SELECT id, %(first)s, id, 'institution', id::text, true, '{}', DATE '2019-01-01', %(since)s
      FROM resident WHERE id BETWEEN %(first)s AND %(first)s + %(elders)s - 1
"""
STAYS = """
    INSERT INTO stay (id, resident_id, site_id, kind, status, planned_on, hold_until, admitted_on,
                      note)
    SELECT id, id, %(first)s, 'institution', 'staying', %(since)s, %(since)s + 1, %(since)s, ''
      FROM resident WHERE id BETWEEN %(first)s AND %(first)s + %(elders)s - 1
"""
NIGHTS = """
    INSERT INTO bed_occupancy (bed_id, site_id, kind, state, stay_id, resident_id, starts_on,
                               ends_on, reason, recorded_at, end_recorded_at)
    SELECT r.id, %(first)s, 'institution', 'occupied', r.id, r.id, %(since)s, t.until, '',
           %(since)s,
           CASE WHEN t.until IS NOT NULL THEN %(since)s END
      FROM resident r CROSS JOIN LATERAL (
           SELECT CASE WHEN r.id - %(first)s = %(elders)s - 1
                       THEN %(last_leaves)s::date END AS until) AS t
     WHERE r.id BETWEEN %(first)s AND %(first)s + %(elders)s - 1
"""
LEVELS = """
    INSERT INTO assessment (resident_id, scale_version, reason, assessed_on, assessor_id, status,
           self_care, movement, mind, senses, total, initial_level, final_level, submitted_at,
           reviewed_by, reviewed_at, starts_on, ends_on)
    SELECT id, 'GB/T 42195-2022', 'first', DATE '2025-01-01', 1, 'confirmed', 10, 5, 10, 5, 30,
           'severe', 'severe', %(since)s, 2, %(since)s, DATE '2025-01-01', DATE '2027-06-01'
      FROM resident WHERE id BETWEEN %(first)s AND %(first)s + %(elders)s - 1
"""
ORDERS = """
    INSERT INTO care_order (resident_id, site_id, services, service_on, starts_at, minutes,
                            bill_fen, purchased_fen, voucher_fen, own_fen, voucher_id, basis,
                            state, requested_by, ordered_at, visit_id, closed_at, cancel_reason)
    SELECT id, %(first)s, '{bathing}', %(since)s, %(since)s, 120, %(bill)s, 0, 80000,
           %(bill)s - 80000, id, '{}', 'redeemed', 'self', %(since)s, id, %(since)s, ''
      FROM resident WHERE id BETWEEN %(first)s AND %(first)s + %(elders)s - 1
"""


@dataclass(frozen=True)
class Vector:
    """A figure as it was published: whose pack, over how much of what, and what comes out."""

    what: str
    city: str
    pack: str
    programme: str
    much: int
    fen: int

    @property
    def is_a_fee(self) -> bool:
        return self.programme == "voucher"


VECTORS: Sequence[Vector] = (
    Vector("3,815 bed-months at 130 yuan", "2113", "liaoning-chaoyang-shuangta",
           "facility_operation", 3_815, 49_595_000),
    Vector("1,479 bed-months at 300 yuan", "5201", "guizhou-guiyang",
           "facility_operation", 1_479, 44_370_000),
    Vector("5,100 yuan, of which 800 are borne", "5201", "guizhou-guiyang", "voucher",
           510_000, 80_000),
    Vector("40 % of 2,000 yuan", "2101", "liaoning-shenyang", "voucher", 200_000, 80_000),
)  # fmt: skip


def prove_golden(owned: Platform) -> list[Proof]:
    """Reckon every published figure in a city made for it."""
    found = []
    for city in dict.fromkeys(one.city for one in VECTORS):
        say(f"Making the city {city} …")
        context_key = owned.connect().context_key.get_secret_value()
        add_city(city, owner=owned.owner(), context_key=context_key)
        url = libpq_url(owned.embedded_server.url(database=DATABASE))
        with psycopg.connect(url, autocommit=True) as connection, in_city(city):
            connection.execute(f"SET search_path TO {schema_of(city)}".encode())
            own = [vector for vector in VECTORS if vector.city == city]
            found += reckon_vectors(connection, own, city=city)
    return found


def reckon_vectors(
    connection: psycopg.Connection, vectors: Sequence[Vector], *, city: str
) -> list[Proof]:
    """Write what the figures of a pack are over, and let it reckon them in the present city."""
    be_on(date(YEAR + 1, 1, 5))
    hands = sit_down(city)
    with hands.of(Role.CITY_OFFICER) as session:
        pack_id = propose(session, read_shipped(vectors[0].pack), starts_on=IN_FORCE).id
    assert pack_id is not None, "a pack that was written has its number"
    with hands.of(Role.APPROVER) as session:
        activate(session, pack_id)
    return [proof for vector in vectors for proof in _reckon(connection, hands, vector)]


def _reckon(connection: psycopg.Connection, hands: Hands, vector: Vector) -> list[Proof]:
    """The run comes to the figure, and so does what is derived anew from its facts."""
    _write(connection, vector)
    run_id = reckon(hands, Tally(), vector.programme, JANUARY, 1 if vector.is_a_fee else A_YEAR)
    with platform() as session:
        verdict = recompute(session, get_run(session, run_id))
    anew = verdict.total_fen if verdict.holds else -1
    return [
        Proof(f"{vector.what} ({vector.pack})", vector.fen, read(run_id).total_fen),
        Proof(f"{vector.what}, derived anew", vector.fen, anew),
    ]


def _write(connection: psycopg.Connection, vector: Vector) -> None:
    whole, rest = divmod(vector.much, A_YEAR)
    elders = 1 if vector.is_a_fee else whole + bool(rest)
    told = {
        "first": FIRST + (1_000 if vector.is_a_fee else 0),
        "elders": elders, "since": JANUARY, "bill": vector.much,
        "kind": "home_care_provider" if vector.is_a_fee else "care_home",
        "last_leaves": date(YEAR, rest + 1, 1) if rest and not vector.is_a_fee else None,
    }  # fmt: skip
    statements = (LEVELS, ORDERS) if vector.is_a_fee else (BEDS, STAYS, NIGHTS)
    connection.execute("SET session_replication_role = replica")
    written = psycopg.ClientCursor(connection)
    for statement in (A_SITE, ELDERS, *statements):
        written.execute(statement.encode(), told)
    connection.execute("RESET session_replication_role")
