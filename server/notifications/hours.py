"""At which hours a message may go out, by the clock on the city's wall.

On which days one is asked for says its ladder, by the work calendar (`server.places.ladders`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from server import clock
from server.notifications.kinds import Kind
from server.notifications.models import Urgency

QUIET_HOURS = "messages.quiet_hours"


@dataclass(frozen=True)
class Quiet:
    """The hours of the night in which nobody is written to without need; they pass midnight."""

    starts: time = time(21)
    ends: time = time(7)

    @classmethod
    def of(cls, value: Mapping[str, str]) -> "Quiet":
        """Read the parameter `messages.quiet_hours`."""
        return cls(time.fromisoformat(value["from"]), time.fromisoformat(value["until"]))

    def holds(self, at: datetime) -> bool:
        """True at an instant of the night."""
        local = at.astimezone(clock.CITY).time()
        return local >= self.starts or local < self.ends

    def over(self, at: datetime) -> datetime:
        """Return the instant itself by day, and the end of its night by night."""
        if not self.holds(at):
            return at
        local = at.astimezone(clock.CITY)
        day = local.date() + timedelta(days=local.time() >= self.starts)
        return datetime.combine(day, self.ends, clock.CITY)


def keeps_quiet(kind: Kind, urgency: Urgency) -> bool:
    """True where the message can wait until morning."""
    return kind.keeps_quiet and Urgency.URGENT not in (urgency, kind.urgency)


def fitting(kind: Kind, urgency: Urgency, at: datetime, quiet: Quiet) -> datetime:
    """Return the first instant from `at` on at which the message may go out."""
    if not keeps_quiet(kind, urgency):
        return at
    return quiet.over(at)
