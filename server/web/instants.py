"""Instants as devices tell them: no clock is refused, and none breaks what is kept of it."""

from datetime import datetime, timedelta
from typing import Any

import marshmallow as ma

from server import clock

# Whatever a device shows beyond is kept as this far off: every column and every zone holds it.
FARTHEST = timedelta(days=50 * 365)


class DeviceInstant(ma.fields.AwareDateTime):
    """By a device's own clock, whatever it says."""

    def _deserialize(self, *given: Any, **more: Any) -> datetime:
        now, told = clock.now(), super()._deserialize(*given, **more)
        return min(max(told, now - FARTHEST), now + FARTHEST)
