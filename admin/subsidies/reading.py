"""What somebody's offices reach of runs, and how runs and figures are told on pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Row, false, or_
from sqlmodel import Session

from admin.words import word
from server.db.sessions import actor_of
from server.errors import NotFound
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.i18n.money import in_yuan
from server.identity.roles import may, reach_of
from server.places.queries import list_chain, list_counties
from server.policies.programmes.models import PolicyVersion
from server.policies.programmes.schema import Programme
from server.policies.programmes.telling import Told, named_in, place_words
from server.providers.queries import within
from server.subsidies.claims.models import ClaimState
from server.subsidies.claims.queries import count_of_months
from server.subsidies.claims.rules import STATE_AT
from server.subsidies.differences.service import STANDS
from server.subsidies.models import RunKind, RunStage, SubsidyRun
from server.subsidies.reckoning import queries
from server.subsidies.reckoning.bands import BANDS
from server.subsidies.reckoning.explaining import reason_words
from server.subsidies.reckoning.figures import amounts_in, programme_of
from server.subsidies.reckoning.months import month_after
from server.subsidies.reckoning.service import DISCARDABLE, UNFINISHED
from server.subsidies.reckoning.wording import number_words

SEE, RECKON = "subsidies.see", "subsidies.reckon"
SUBMITTED = (
    RunStage.IN_APPROVAL, RunStage.APPROVED, RunStage.IN_NOTICE, RunStage.PAYABLE,
    RunStage.IN_PAYMENT, RunStage.PAID,
)  # fmt: skip


def scope(session: Session, permission: str = SEE) -> ColumnElement[bool]:
    """Return the condition on `Site` of what the actor's offices reach."""
    reach = reach_of(actor_of(session), permission)
    return or_(within(reach.prefixes, reach.site_ids), false())


def runs(session: Session) -> ColumnElement[bool]:
    """Return the condition on runs of what the actor's offices reach."""
    reach = reach_of(actor_of(session), SEE)
    return queries.runs_within(reach.prefixes, reach.site_ids)


@dataclass(frozen=True)
class Claimed:
    """How many claims of a run's months were let through, and how many an office still looks at."""

    accepted: int
    waiting: int


def claimed_for(session: Session, run: Row[Any], programme: Programme) -> Claimed | None:
    """Return the claims a run rests on; None where nobody has to ask."""
    if programme.claimant is None:
        return None
    until = month_after(run.first_month, run.months)
    found = count_of_months(session, run.programme, run.first_month, until)
    waiting = sum(found.get(one, 0) for one in STATE_AT.values())
    return Claimed(found.get(ClaimState.ACCEPTED, 0), waiting)


def find_run(session: Session, run_id: int) -> Row[Any]:
    """Return a run with its words; raises `NotFound`, also where it is out of reach."""
    return queries.find_run(session, run_id, runs(session))


def require_over(session: Session, division_code: str) -> None:
    """Raise `NotFound` unless the actor may reckon the whole of the division."""
    prefixes = reach_of(actor_of(session), RECKON).prefixes
    if not any(division_code.startswith(prefix) for prefix in prefixes):
        raise NotFound


def is_over(session: Session, division_code: str) -> bool:
    """True where the actor may reckon the whole of the division."""
    prefixes = reach_of(actor_of(session), RECKON).prefixes
    return any(division_code.startswith(prefix) for prefix in prefixes)


def divisions(session: Session) -> Sequence[tuple[str, str]]:
    """Return the divisions the actor may begin runs over, with their names."""
    prefixes = reach_of(actor_of(session), RECKON).prefixes
    chains = [list_chain(session, prefix)[-1:] for prefix in prefixes]
    own = [one for chain in chains for one in chain]
    found = {one.code: one.name for one in (*own, *list_counties(session, prefixes=prefixes))}
    within_reach = (code for code in found if is_over(session, code))
    return [(code, found[code]) for code in sorted(within_reach)]


def programmes(session: Session) -> Sequence[tuple[str, str]]:
    """Return programmes with their names in the reader's language."""
    return [(row.programme, _spoken(row.zh, row.en)) for row in queries.list_programmes(session)]


def name_of(row: Row[Any]) -> str:
    """Return what the programme of a run is called."""
    return _spoken(row.name_zh, row.name_en)


def months_of(row: Row[Any] | SubsidyRun) -> str:
    """Return `2026-01`, or `2026-01 … 3 months`."""
    first = f"{row.first_month:%Y-%m}"
    if row.months == 1:
        return first
    return _("{month}, {number} months", month=first, number=row.months)


def pairs(kind: str, codes: Iterable[Enum]) -> list[tuple[str, str]]:
    """Return codes with their words, for a choice."""
    return [(str(code.value), word(kind, code)) for code in codes]


def band_words(band: int) -> str:
    """Return `200–500`, the band an amount in yuan lies in."""
    place = BANDS.index(band) if band in BANDS else -1
    if place < 0:
        return _("below nought")
    if place + 1 == len(BANDS):
        return _("{amount} and more", amount=in_yuan(band))
    return f"{in_yuan(band)} – {in_yuan(BANDS[place + 1] - 1)}"


def told_reasons(programme: Programme, trace: Mapping[str, Any]) -> str:
    """Return every reason of a line, in one cell."""
    told = [reason_words(programme, one).sentence for one in trace.get("reasons", ())]
    return "；".join(told)


@dataclass(frozen=True)
class TrialFigure:
    """A number that a trial may change: its place, its words, and its value as it is typed."""

    place: str
    words: str
    told: Told
    value: Decimal
    unit: str


def figures_of(programme: Programme) -> Sequence[TrialFigure]:
    """Return what a trial may change, in the order of the file."""
    told = named_in(programme)
    return [
        TrialFigure(
            place,
            place_words(programme, place),
            told[place.rpartition(".")[0]],
            Decimal(value).scaleb(-2) if is_money(place) else Decimal(value),
            place.rpartition(".")[2],
        )
        for place, value in amounts_in(programme).items()
    ]


def changes_told(session: Session, run: SubsidyRun) -> Sequence[tuple[str, str, str]]:
    """Return what a trial changed: the figure in words, what it was, what it was tried with."""
    before = programme_of(session.get_one(PolicyVersion, run.version_id).content)
    was = amounts_in(before)
    return [
        (
            place_words(before, place),
            number_words(place, was[place]) if place in was else "—",
            number_words(place, value),
        )
        for place, value in run.changes.items()
    ]


def changed(programme: Programme, typed: Sequence[tuple[str, Decimal]]) -> dict[str, int]:
    """Return what was typed and is another figure than the programme's, in its own unit."""
    now = amounts_in(programme)
    meant = {
        place: int(value.scaleb(2)) if is_money(place) else int(value) for place, value in typed
    }
    return {place: value for place, value in meant.items() if now.get(place) != value}


def is_money(place: str) -> bool:
    """True where a figure is an amount in fen."""
    return place.endswith(".fen")


def may_discard(session: Session, run: SubsidyRun) -> bool:
    """True where the actor may let the run go as it stands."""
    return run.stage in DISCARDABLE and _may_reckon(session, run)


def may_try(session: Session, run: SubsidyRun) -> bool:
    """True where the actor may hold a trial against the run."""
    is_done = run.stage not in UNFINISHED and run.facts_digest is not None
    return is_done and run.kind is not RunKind.DIFFERENCE and _may_reckon(session, run)


def may_put_right(session: Session, run: Row[Any]) -> bool:
    """True where the actor may hold the run against today, and begin a difference run."""
    stands = run.kind is RunKind.REGULAR and run.stage in STANDS
    return stands and may(actor_of(session), RECKON) and is_over(session, run.division_code)


def may_submit(session: Session, run: SubsidyRun) -> bool:
    """True where the actor may put the run before those who approve it."""
    is_done = run.stage is RunStage.COMPUTED and run.kind is not RunKind.WHAT_IF
    return is_done and _may_reckon(session, run)


def may_follow(session: Session, run: SubsidyRun) -> bool:
    """True where the run has come before those who approve it, and the actor may see how far."""
    return run.stage in SUBMITTED and may(actor_of(session), "subsidies.see-payments")


def _may_reckon(session: Session, run: SubsidyRun) -> bool:
    return may(actor_of(session), RECKON) and is_over(session, run.division_code)


def _spoken(zh: str, en: str) -> str:
    return zh if current_language() == "zh-CN" else en
