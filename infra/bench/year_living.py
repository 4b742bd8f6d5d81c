"""Twelve months of every programme, one after the other, with what is told late in their middle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import text

from infra.bench.cities import say
from infra.bench.year_city import FIRST, YEAR, YearSize
from infra.bench.year_claims import BY_HAND, claim_for_all, claim_some
from infra.bench.year_hands import Hands, be_on, platform, sit_down
from infra.bench.year_money import Paid, pay, put_budgets
from infra.bench.year_runs import Tally, approve, let_notices_end, read, reckon
from server.identity.models import Role
from server.policies.programmes.packs import read_shipped
from server.policies.programmes.proposing import activate, propose
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure
from server.subsidies.differences.errors import NothingToCorrect
from server.subsidies.differences.service import start

MONTHLY = (
    "facility_operation", "home_bed_service", "voucher", "home_bed_build", "meals", "renovation",
    "training", "entry_reward", "post_allowance",
)  # fmt: skip
QUARTERLY, YEARLY = ("canteen_operation",), ("facility_construction", "facility_conversion")
A_QUARTER, A_YEAR = 3, 12
ASKED_FOR = {
    code for code, one in read_shipped("reference").programmes.items() if one.claimant is not None
}
NOTICE = timedelta(days=8)
LATE = "facility_operation"
RISES, FALLS = FIRST + 13, FIRST + 12
END_LEVEL = text(
    "UPDATE assessment SET ends_on = :since WHERE resident_id = :who AND status = 'confirmed'"
)
BEGIN_LEVEL = text(
    """
    INSERT INTO assessment (resident_id, scale_version, reason, assessed_on, assessor_id, status,
           self_care, movement, mind, senses, total, initial_level, final_level, figures,
           submitted_at, reviewed_by, reviewed_at, starts_on, ends_on)
    SELECT resident_id, scale_version, 'immediate', :since, assessor_id, status, self_care,
           movement, mind, senses, total, :level, :level, figures, submitted_at, reviewed_by,
           reviewed_at, :since, CAST(:since AS date) + 700
      FROM assessment WHERE resident_id = :who
    """
)


@dataclass(frozen=True)
class Span:
    """How many months are lived through, and after which of them what is late is told."""

    months: int = 12
    late_after: int = 7

    @property
    def months_dead(self) -> int:
        """How many months were paid for somebody who was dead."""
        return min(4, self.late_after)

    @property
    def months_raised(self) -> int:
        return min(3, self.late_after)

    @property
    def months_lowered(self) -> int:
        return min(2, self.late_after)

    def since(self, months: int) -> date:
        """The first of so many months, the last of which is the one that is paid."""
        return date(YEAR, self.late_after - months + 1, 1)

    @property
    def died_on(self) -> date:
        return self.since(self.months_dead).replace(day=10)


@dataclass
class Year:
    """What was lived through: runs by programme, and what the bank was given."""

    hands: Hands
    span: Span
    tallies: dict[str, Tally] = field(default_factory=dict)
    runs: dict[int, str] = field(default_factory=dict)
    differences: list[int] = field(default_factory=list)
    claims: dict[str, tuple[int, int]] = field(default_factory=dict)
    paid: Paid = field(default_factory=Paid)

    def tally(self, programme: str) -> Tally:
        return self.tallies.setdefault(programme, Tally())


def live(city: str, size: YearSize, *, claimants: int, span: Span | None = None) -> Year:
    """Live through the year, or the months of it that are asked for; returns what came of it."""
    be_on(date(YEAR, 1, 2))
    year = Year(sit_down(city), span or Span())
    _put_policies(year.hands)
    put_budgets(year.hands, (YEAR, YEAR + 1))
    for month in range(1, year.span.months + 1):
        _month(year, month, claimants)
        if month == year.span.late_after:
            _put_right(year, size)
    return year


def _put_policies(hands: Hands) -> None:
    with hands.of(Role.CITY_OFFICER) as session:
        pack_id = propose(session, read_shipped("reference"), starts_on=date(YEAR - 1, 1, 1)).id
    assert pack_id is not None, "a pack that was written has its number"
    with hands.of(Role.APPROVER) as session:
        activate(session, pack_id)


def _month(year: Year, month: int, claimants: int) -> None:
    over = _first_of(month + 1)
    be_on(over + timedelta(days=4))
    made: dict[int, str] = {}
    for programme, first, months in _wanted(month):
        if programme in ASKED_FOR:
            _claimed(year, month, programme, first, months, claimants)
        run_id = reckon(year.hands, year.tally(programme), programme, first, months)
        year.tally(programme).count(read(run_id))
        made[run_id] = programme
    year.runs |= made
    fen = _through(year, made)
    say(f"{YEAR}-{month:02d}: {len(made)} runs, {fen / 100:,.2f} yuan, paid and reconciled")


def _claimed(
    year: Year, month: int, programme: str, first: date, months: int, claimants: int
) -> None:
    with year.tally(programme).timing("claim"):
        if programme in BY_HAND.get(month, ()):
            done = claim_some(year.hands, programme, first, months, claimants)
            year.claims[programme] = done
            year.tally(programme).claims += done[1]
        with platform() as session:
            year.tally(programme).claims += claim_for_all(session, programme, first, months)


def _wanted(month: int) -> Sequence[tuple[str, date, int]]:
    wanted = [(programme, _first_of(month), 1) for programme in MONTHLY]
    if not month % A_QUARTER:
        wanted += [(one, _first_of(month - A_QUARTER + 1), A_QUARTER) for one in QUARTERLY]
    if month == A_YEAR:
        wanted += [(one, _first_of(1), A_YEAR) for one in YEARLY]
    return wanted


def _through(year: Year, made: Mapping[int, str]) -> int:
    """Approve, publish, wait, and pay these runs; returns what they came to."""
    for run_id, programme in made.items():
        approve(year.hands, year.tally(programme), run_id)
    let_notices_end(_today_after(made) + NOTICE)
    pay(year.hands, {run: year.tally(programme) for run, programme in made.items()}, year.paid)
    return sum(read(run_id).total_fen for run_id in made)


def _today_after(made: Mapping[int, str]) -> date:
    return max(read(run_id).made_at for run_id in made).date()


def _put_right(year: Year, size: YearSize) -> None:
    """A death is told months late, two levels are corrected: what was paid is put right."""
    be_on(date(YEAR, year.span.late_after + 1, 20))
    with year.hands.of(Role.CITY_OFFICER) as session:
        report_departure(
            session, resident_id=size.late_dead, kind=DepartureKind.DIED,
            happened_on=year.span.died_on,
        )  # fmt: skip
    corrected = (
        (RISES, "severe", year.span.months_raised), (FALLS, "mild", year.span.months_lowered)
    )  # fmt: skip
    with platform() as session:
        for who, level, months in corrected:
            told = {"who": who, "since": year.span.since(months), "level": level}
            session.connection().execute(END_LEVEL, told)
            session.connection().execute(BEGIN_LEVEL, told)
    made = dict.fromkeys(_started(year), LATE)
    year.differences += made
    fen = _through(year, made)
    say(f"told late: {len(made)} difference runs, {fen / 100:,.2f} yuan")


def _started(year: Year) -> list[int]:
    made = []
    for run_id, programme in year.runs.items():
        if programme != LATE:
            continue
        try:
            timing = year.tally(LATE).timing("differences")
            with timing, year.hands.of(Role.CITY_OFFICER) as session:
                made.append(start(session, run_id).id or 0)
        except NothingToCorrect:
            continue
    return made


def _first_of(month: int) -> date:
    return date(YEAR + (month - 1) // A_YEAR, (month - 1) % A_YEAR + 1, 1)
