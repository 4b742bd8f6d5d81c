"""Which offices a run goes through. Nothing here looks anything up."""

from collections.abc import Sequence

from server.policies.programmes.schema import Programme
from server.subsidies.reckoning import bands as reckoned

DIGITS = {"town": 9, "county": 6, "city": 4}
LAST = "city"
# What is nought or less stands before the first band.
BANDS = (1, *reckoned.BANDS[1:])


def stages_for(programme: Programme | None, division_code: str) -> list[str]:
    """Return the offices a run goes through, from the one over its division up to the city.

    Those below its division have looked at claims alone. The city always has the last word.
    """
    named = programme.approval.stages if programme and programme.approval else []
    over = [stage.at for stage in named if DIGITS[stage.at] <= len(division_code)]
    return [*(at for at in over if at != LAST), LAST]


def may_sign(at: str, division_code: str, prefixes: Sequence[str]) -> bool:
    """True where one of the offices is wide enough for the stage, and over the run's division."""
    return any(
        len(prefix) <= DIGITS[at] and division_code.startswith(prefix) for prefix in prefixes
    )
