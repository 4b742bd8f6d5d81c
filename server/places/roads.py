"""Ways by road, asked of a routing service of the city's own (the `table` service of OSRM, HTTP
API v1): it is told the places alone, and nobody's name."""

import json
import logging
from collections.abc import Sequence
from urllib.request import urlopen

import numpy

from server.places.routing import Table
from server.places.ways import Place

log = logging.getLogger(__name__)

# Longer than this nobody waits for a shorter way.
PATIENCE_SECONDS = 3


def find_durations(address: str, places: Sequence[Place]) -> Table | None:
    """Return the seconds from each place to each other; None where the service does not answer."""
    listed = ";".join(f"{x:.5f},{y:.5f}" for x, y in places)
    asked = f"{address.rstrip('/')}/table/v1/driving/{listed}?annotations=duration"
    try:
        with urlopen(asked, timeout=PATIENCE_SECONDS) as answer:
            durations = numpy.array(json.load(answer)["durations"], dtype=float)
    # Whatever is wrong with a service outside must not keep a meal from going out.
    except Exception as failure:
        log.warning("the routing service did not answer", extra={"why": type(failure).__name__})
        return None
    if durations.shape != (len(places), len(places)) or not numpy.isfinite(durations).all():
        log.warning("the routing service knows no way", extra={"places": len(places)})
        return None
    return durations.round().astype(numpy.uint32)
