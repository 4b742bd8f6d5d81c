"""Proves from the rows that nothing was oversold, miscounted or booked twice."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

KEPT = "status <> 'cancelled'"
COUNTS = text(
    f"""
    SELECT count(*) AS sittings,
           coalesce(sum(kept), 0)::bigint AS bookings,
           count(*) FILTER (WHERE booked > capacity) AS oversold,
           count(*) FILTER (WHERE booked <> kept) AS miscounted,
           (SELECT count(*) FROM (
               SELECT 1 FROM booking WHERE {KEPT}
                GROUP BY resident_id, service_on, meal HAVING count(*) > 1) AS twice
           ) AS twice
      FROM (SELECT s.booked, s.capacity,
                   (SELECT count(*) FROM booking b WHERE b.sitting_id = s.id AND {KEPT}) AS kept
              FROM sitting s) AS counted
    """
)
OF_ONE = text("SELECT capacity, booked FROM sitting WHERE id = :sitting")


@dataclass(frozen=True)
class Proof:
    """How many sittings and kept bookings there are, and how many of them are wrong."""

    sittings: int
    bookings: int
    oversold: int
    miscounted: int
    twice: int

    @property
    def holds(self) -> bool:
        return not (self.oversold or self.miscounted or self.twice)

    def __str__(self) -> str:
        return (
            f"{self.bookings} bookings at {self.sittings} sittings: {self.oversold} oversold, "
            f"{self.miscounted} miscounted, {self.twice} residents booked twice for one meal"
        )


def prove(connection: Connection) -> Proof:
    """Count every sitting and booking of the city by the rows themselves."""
    return Proof(**connection.execute(COUNTS).one()._mapping)


def capacity_and_booked(connection: Connection, sitting_id: int) -> tuple[int, int]:
    """Return how many places a sitting has, and how many are taken."""
    row = connection.execute(OF_ONE, {"sitting": sitting_id}).one()
    return row.capacity, row.booked
