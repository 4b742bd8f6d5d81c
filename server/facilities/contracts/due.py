"""Which billed months come to something else by now: found by their sums, in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Date, Integer, TextualSelect, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session

from server import clock
from server.facilities.contracts.rules import AWAY_PERCENT

# Whose bills are looked at.
OF_A_SITE = "s.site_id = :site_id"
OF_STAYS = "s.id = ANY(:stay_ids)"
# What `rules.bill_lines` comes to, without its lines: an item of a month is rounded once, whatever
# contracts it was under. A month is looked at once it is over, or the stay is.
DUE = """
    WITH billed AS (
        SELECT b.stay_id, b.month, b.month_after, 100 * (b.month_after - b.month) AS whole,
               b.total_fen + coalesce(sum(k.total_fen), 0) AS billed_fen,
               coalesce(max(k.number), 0) AS corrections
          FROM (SELECT *, (month + interval '1 month')::date AS month_after FROM stay_bill) b
          JOIN stay s ON s.id = b.stay_id
          LEFT JOIN bill_correction k ON k.stay_id = b.stay_id AND k.month = b.month
         WHERE {whose} AND (s.status = 'ended' OR b.month_after <= :today)
         GROUP BY b.stay_id, b.month, b.month_after, b.total_fen
    ), record AS (
        SELECT b.stay_id, b.month, o.state = 'occupied' AS is_here,
               greatest(o.starts_on, b.month) AS starts_on,
               least(o.ends_on, b.month_after) AS ends_on
          FROM billed b
          JOIN bed_occupancy o ON o.stay_id = b.stay_id AND o.superseded_at IS NULL
           AND o.state IN ('occupied', 'on_leave', 'in_hospital')
           AND o.starts_on < b.month_after AND (o.ends_on IS NULL OR o.ends_on > b.month)
    ), slept AS (
        SELECT stay_id, month, sum(ends_on - starts_on) AS nights FROM record GROUP BY 1, 2
    ), part AS (
        SELECT r.stay_id, r.month, a.value AS percent, r.is_here, c.bed_fen, c.nursing_fen,
               c.meals_fen, c.other_fen,
               (least(r.ends_on, c.ends_on) - greatest(r.starts_on, c.starts_on))::bigint AS nights
          FROM record r
          JOIN contract c ON c.stay_id = r.stay_id
           AND c.starts_on < r.ends_on AND c.ends_on > r.starts_on
          JOIN parameter a ON a.key = :away_percent AND a.starts_on <= r.month
           AND (a.ends_on IS NULL OR a.ends_on > r.month)
    ), exact AS (
        SELECT stay_id, month, sum(nights) AS nights,
               sum(bed_fen * nights * CASE WHEN is_here THEN 100
                                           ELSE (percent->>'bed')::int END) AS bed,
               sum(nursing_fen * nights * CASE WHEN is_here THEN 100
                                               ELSE (percent->>'nursing')::int END) AS nursing,
               sum(meals_fen * nights * CASE WHEN is_here THEN 100
                                             ELSE (percent->>'meals')::int END) AS meals,
               sum(other_fen * nights * CASE WHEN is_here THEN 100
                                             ELSE (percent->>'other')::int END) AS other
          FROM part GROUP BY 1, 2
    ), compared AS (
        SELECT b.stay_id, b.month, b.corrections,
               coalesce(slept.nights, 0) > coalesce(exact.nights, 0) AS is_uncovered,
               coalesce(div(2 * bed + whole, 2 * whole) + div(2 * nursing + whole, 2 * whole)
                        + div(2 * meals + whole, 2 * whole) + div(2 * other + whole, 2 * whole), 0)
               - b.billed_fen AS difference_fen
          FROM billed b
          LEFT JOIN slept USING (stay_id, month) LEFT JOIN exact USING (stay_id, month)
    )
    SELECT c.stay_id, c.month, c.corrections, c.is_uncovered,
           c.difference_fen::bigint AS difference_fen, a.value AS away_percent
      FROM compared c
      JOIN parameter a ON a.key = :away_percent AND a.starts_on <= c.month
       AND (a.ends_on IS NULL OR a.ends_on > c.month)
     WHERE c.difference_fen <> 0 OR c.is_uncovered
"""


@dataclass(frozen=True)
class Due:
    """A billed month that comes to something else by now: above nought more, below it less.

    `corrections` were written before. One with a night that no contract covers cannot be written.
    """

    stay_id: int
    month: date
    corrections: int
    is_uncovered: bool
    difference_fen: int
    away_percent: Mapping[str, int]


def list_due_at(session: Session, site_id: int) -> Sequence[Due]:
    """Return what is to be corrected of everybody's bills at a facility, by stay and month."""
    return _found(session, _due(OF_A_SITE, site_id=site_id))


def list_due_of(session: Session, stay_ids: Sequence[int]) -> Sequence[Due]:
    """Return what is to be corrected of the bills of these stays, by stay and month."""
    return _found(session, _due(OF_STAYS, stay_ids=list(stay_ids)))


def _due(whose: str, **given: Any) -> TextualSelect:
    values = {**given, "today": clock.today(), "away_percent": AWAY_PERCENT}
    return (
        text(DUE.format(whose=whose))
        .bindparams(**values)
        .columns(
            column("stay_id", BigInteger),
            column("month", Date),
            column("corrections", Integer),
            column("is_uncovered"),
            column("difference_fen", BigInteger),
            column("away_percent", JSONB),
        )
    )


def _found(session: Session, query: TextualSelect) -> Sequence[Due]:
    found = [Due(**row._mapping) for row in session.connection().execute(query)]
    return sorted(found, key=lambda one: (one.stay_id, one.month))
