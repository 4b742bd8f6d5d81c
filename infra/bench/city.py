"""The city that is measured: made anew for every run, by set-based SQL, by the platform itself.

Numbers say what a row is, so that a load generator can name a person without asking the database:
resident, account and sign-in of one person share an ordinal, and each run has a day of its own.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import text
from sqlmodel import Session

from server import clock

RESIDENTS = 20_000
CANTEENS = 50
DISHES_OF_A_SITTING = 5
PLACES = 1_000_000
PATIENCE_S = 600
PLACES_OF_THE_SCARCE = 100

FIRST_RESIDENT = 1_000_000
FIRST_ACCOUNT = 2_000_000
FIRST_CANTEEN = 30_000
FIRST_SITTING = 4_000_000
SITTINGS_OF_A_DAY = 1_000
TOKEN_PREFIX = "bench-sign-in-of-resident-no-"
TOKEN_FORMAT = TOKEN_PREFIX + "%015d"


@dataclass(frozen=True)
class Size:
    """How many eat, and where; at most half as many canteens as a day has numbers for sittings."""

    residents: int = RESIDENTS
    canteens: int = CANTEENS


@dataclass(frozen=True)
class Run:
    """One measurement: a day that nobody has booked yet, and who books what on it."""

    number: int
    is_hot: bool

    @property
    def first_sitting(self) -> int:
        return FIRST_SITTING + self.number * SITTINGS_OF_A_DAY

    @property
    def sittings(self) -> int:
        """How many lunches the bookings of this run are spread over."""
        return 1 if self.is_hot else CANTEENS

    def sitting_of(self, ordinal: int) -> int:
        return self.first_sitting + ordinal % self.sittings


def token_of(ordinal: int) -> str:
    """Return the sign-in token of a person, as long as a real one."""
    return TOKEN_FORMAT % ordinal


def token_digest_sql(ordinal: str) -> str:
    """Return SQL for the digest of `token_of` where the ordinal is an SQL expression."""
    number = f"lpad(({ordinal})::text, 15, '0')"
    return f"sha256(convert_to('{TOKEN_PREFIX}' || {number}, 'UTF8'))"


def day_of_run(number: int) -> date:
    """Return the service day that belongs to the run alone."""
    return clock.today() + timedelta(days=number)


def fill(session: Session, *, runs: int, size: Size | None = None) -> None:
    """Put people, canteens and menus for so many runs into an empty city."""
    size = size or Size()
    first_day = clock.today()
    values = {
        "now": clock.now(),
        "cutoff": clock.now() + timedelta(days=60),
        "first_day": first_day,
        "linked_until": first_day + timedelta(days=400),
        "runs": runs,
        "hot_places": size.residents,
        "last_resident": size.residents - 1,
        "last_canteen": size.canteens - 1,
        "canteens": size.canteens,
    }
    session.connection().execute(text("SET LOCAL statement_timeout = 0"))
    patient = {"patience_s": PATIENCE_S}
    for statement in STATEMENTS:
        session.connection().execute(text(statement), values, execution_options=patient)


def sell_scarcely(session: Session, run: Run) -> None:
    """Leave the run's first sitting only so many places."""
    session.connection().execute(
        text("UPDATE sitting SET capacity = :places WHERE id = :sitting"),
        {"places": PLACES_OF_THE_SCARCE, "sitting": run.first_sitting},
    )


def digest_of(ordinal: int) -> bytes:
    """Return what the database keeps of `token_of`."""
    return hashlib.sha256(token_of(ordinal).encode()).digest()


PEOPLE = "generate_series(0, :last_resident) AS n"
KITCHENS = "generate_series(0, :last_canteen) AS c"
A_VILLAGE = """(SELECT array_agg(code ORDER BY code) AS codes FROM division
                 WHERE level = 'village') AS villages"""

STATEMENTS = (
    f"""
    INSERT INTO site (id, kind, name, division_code, address, phone, opening_state, features)
    SELECT {FIRST_CANTEEN} + c, 'canteen', '测试食堂' || c, codes[1 + c * 7 % cardinality(codes)],
           '建设路 ' || c || ' 号', '+863562000000', 'open', '{{}}'
      FROM {KITCHENS}, {A_VILLAGE}
    """,
    f"""
    INSERT INTO canteen (site_id, operating_model, discount_percent, charity_fen, menu_version)
    SELECT {FIRST_CANTEEN} + c, 'party_led', 5 * (c % 3), 100 * (c % 2), 1 FROM {KITCHENS}
    """,
    f"""
    INSERT INTO dish (canteen_id, name, diets, allergens, picture)
    SELECT {FIRST_CANTEEN} + c, '家常菜' || d, '{{low_salt}}', '{{soy}}', 'vegetable'
      FROM {KITCHENS}, generate_series(1, {DISHES_OF_A_SITTING}) AS d
    """,
    f"""
    INSERT INTO sitting (id, canteen_id, service_on, meal, capacity, booked, serves_from,
                         serves_until, cutoff_at, list_price_fen, published_at)
    SELECT {FIRST_SITTING} + run * {SITTINGS_OF_A_DAY} + dinner * :canteens + c,
           {FIRST_CANTEEN} + c, CAST(:first_day AS date) + run,
           CASE dinner WHEN 1 THEN 'dinner' ELSE 'lunch' END,
           CASE WHEN c = 0 THEN :hot_places ELSE {PLACES} END, 0,
           CASE dinner WHEN 1 THEN time '17:00' ELSE time '11:00' END,
           CASE dinner WHEN 1 THEN time '18:30' ELSE time '12:30' END,
           :cutoff, 1200, :now
      FROM generate_series(0, :runs) AS run, {KITCHENS}, generate_series(0, 1) AS dinner
    """,
    """
    INSERT INTO sitting_dish (sitting_id, dish_id, position)
    SELECT s.id, d.id, row_number() OVER (PARTITION BY s.id ORDER BY d.id)
      FROM sitting s JOIN dish d USING (canteen_id)
    """,
    f"""
    INSERT INTO resident (id, name, sex, born_on, village_code, address, pinyin, initials,
                          usual_canteen_id)
    SELECT {FIRST_RESIDENT} + n, '测试老人' || n, CASE n % 2 WHEN 1 THEN 'female' ELSE 'male' END,
           date '1935-01-01' + n % 9000, codes[1 + n % cardinality(codes)],
           '幸福里 ' || n || ' 号', '', '', {FIRST_CANTEEN} + n % :canteens
      FROM {PEOPLE}, {A_VILLAGE}
    """,
    f"""
    INSERT INTO hardship_period (resident_id, tier, starts_on)
    SELECT {FIRST_RESIDENT} + n, 'dibao', date '2020-01-01' FROM {PEOPLE} WHERE n % 8 = 0
    """,
    f"""
    INSERT INTO account (id, phone, language, created_at)
    SELECT {FIRST_ACCOUNT} + n, '+86199' || lpad(n::text, 8, '0'), 'zh-CN', :now FROM {PEOPLE}
    """,
    f"""
    INSERT INTO resident_grant (account_id, resident_id, kind, scopes, starts_on)
    SELECT {FIRST_ACCOUNT} + n, {FIRST_RESIDENT} + n, 'self', '{{}}', date '2020-01-01'
      FROM {PEOPLE}
    """,
    f"""
    INSERT INTO sign_in (token_digest, account_id, device_label, created_at, expires_at)
    SELECT {token_digest_sql("n")}, {FIRST_ACCOUNT} + n, '', :now, :cutoff FROM {PEOPLE}
    """,
    # Who eats at a canteen is known there already, as nearly every diner is.
    f"""
    INSERT INTO care_link (resident_id, site_id, starts_on, ends_on)
    SELECT {FIRST_RESIDENT} + n, {FIRST_CANTEEN} + c, :first_day, :linked_until
      FROM {PEOPLE}, LATERAL (SELECT 0 AS c UNION SELECT n % :canteens) AS linked
    """,
    # A city that has eaten before: the plans of its statements are those of tables with rows.
    f"""
    INSERT INTO booking (sitting_id, canteen_id, resident_id, service_on, meal, status, booked_by,
                         list_price_fen, operator_discount_fen, subsidy_fen, charity_fen,
                         own_pay_fen, subsidised_no, reasons, code, booked_at)
    SELECT s.id, s.canteen_id, {FIRST_RESIDENT} + n, s.service_on, s.meal, 'booked', 'self',
           1200, 0, 300, 0, 900, 1, '[]', lpad(n::text, 6, '0'), :now
      FROM {PEOPLE} JOIN sitting s ON s.id = {FIRST_SITTING} + n % :canteens
    """,
)
