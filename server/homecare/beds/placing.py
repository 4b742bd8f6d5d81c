"""Where a home is: as somebody who stood there measured it, and the provider says it is so."""

from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.homecare.beds.knowing import hold_still
from server.homecare.errors import HomeBedNotSo, PlaceUnusable
from server.homecare.models import HomeBed, HomeBedState
from server.policies.queries import get_figures

ACCURACY = "visits.home_accuracy_m"
# The first arrivals at this bed that were measured well enough; a place that was typed in is none.
_OFFERED = text(
    """
    SELECT p.visit_id, p.arrived_x AS x, p.arrived_y AS y, p.arrived_accuracy_m AS accuracy_m,
           p.arrived_at
      FROM visit_proof p JOIN care_visit v ON v.id = p.visit_id
     WHERE v.home_bed_id = :bed AND p.superseded_at IS NULL AND p.arrived_x IS NOT NULL
       AND p.arrived_accuracy_m <= :most
     ORDER BY p.arrived_at, p.id LIMIT 1
    """
)


def find_offered_place(session: Session, home_bed_id: int) -> Row[Any] | None:
    """Return where somebody first arrived at this home and knew it well enough, None so far."""
    figure = get_figures(session, [ACCURACY], on=clock.today())[ACCURACY]
    values = {"bed": home_bed_id, "most": int(figure.value)}
    return session.execute(_OFFERED, values).one_or_none()


def place_home(session: Session, home_bed_id: int, *, x: float, y: float) -> HomeBed:
    """Note where the home is. Raises `NotFound`, `HomeBedNotSo` for a bed that has ended."""
    bed = hold_still(session, home_bed_id)
    if bed.state is HomeBedState.ENDED:
        raise HomeBedNotSo(state=bed.state.value)
    bed.x, bed.y = x, y
    session.flush()
    return bed


def take_offered_place(session: Session, home_bed_id: int) -> HomeBed:
    """Take over where somebody first arrived. Raises as `place_home`, and `PlaceUnusable`."""
    offered = find_offered_place(session, home_bed_id)
    if offered is None:
        raise PlaceUnusable()
    return place_home(session, home_bed_id, x=offered.x, y=offered.y)
