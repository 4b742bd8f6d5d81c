"""How long the ways between homes take: by road where a routing service is set, else straight."""

from collections.abc import Sequence

from server.meals.deliveries.rules import Pace, straight
from server.places.roads import find_durations
from server.places.routing import Table
from server.places.ways import Place
from server.settings import settings


def seconds_between(places: Sequence[Place], *, pace: Pace) -> Table:
    """Return the seconds of the ways between these places; a service that is away stops nobody."""
    address = settings().routing_url
    by_road = find_durations(address, places) if address else None
    return straight(places, pace) if by_road is None else by_road
