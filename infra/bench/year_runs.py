"""A run from its start until it is in the notice, and from there until it may be paid."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from infra.bench.year_hands import Hands, be_on, platform
from server import clock
from server.findings.service import settle_finding, take_finding
from server.identity.models import Role
from server.subsidies.approvals.approving import approve_next
from server.subsidies.approvals.queries import sum_payable
from server.subsidies.approvals.reviewing import sign_run, submit_run
from server.subsidies.checks.service import blocking_findings, check_runs
from server.subsidies.models import RunStage, SubsidyRun
from server.subsidies.notices.publishing import end_notice, list_ended, publish_notice
from server.subsidies.reckoning.service import Wanted, get_run, go_on, start_run


@dataclass
class Tally:
    """What a programme came to, and how long each step of it took."""

    runs: int = 0
    cases: int = 0
    lines: int = 0
    refused: int = 0
    fen: int = 0
    findings: int = 0
    claims: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timing(self, step: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[step] = self.seconds.get(step, 0.0) + time.monotonic() - began

    def count(self, run: SubsidyRun) -> None:
        self.runs += 1
        self.cases += run.facts
        self.lines += run.lines - run.refused
        self.refused += run.refused
        self.fen += run.total_fen


def reckon(hands: Hands, tally: Tally, programme: str, first: date, months: int) -> int:
    """Start a run and reckon it to its end, in steps as the job does; returns its number."""
    with tally.timing("run"):
        with hands.of(Role.CITY_OFFICER) as session:
            wanted = Wanted(programme, first, months, hands.city)
            run_id = start_run(session, wanted).id
        assert run_id is not None, "a run that was written has its number"
        has_more = True
        while has_more:
            with platform() as session:
                has_more = go_on(session, run_id)
    with tally.timing("check"), platform() as session:
        tally.findings += sum(check_runs(session, [run_id]).values())
    return run_id


def approve(hands: Hands, tally: Tally, run_id: int) -> None:
    """Submitted by one, signed by another with the total, approved slice by slice, published."""
    with tally.timing("approve"):
        with hands.of(Role.CITY_OFFICER) as session:
            review_id = submit_run(session, run_id).id
            total = sum_payable(session, run_id)
        assert review_id is not None, "a review that was written has its number"
        _look_into(hands, run_id)
        with hands.of(Role.APPROVER) as session:
            sign_run(session, review_id, control_fen=total)
        has_more = True
        while has_more:
            with platform() as session:
                has_more = approve_next(session, review_id)
    with tally.timing("notice"), hands.of(Role.CITY_OFFICER) as session:
        if get_run(session, run_id).stage is RunStage.APPROVED:
            publish_notice(session, run_id)


def _look_into(hands: Hands, run_id: int) -> None:
    """What blocks the run is looked into: made-up rows meet a check by chance, nobody cheats."""
    with hands.of(Role.AUDITOR) as session:
        for one in blocking_findings(session, run_id):
            take_finding(session, one.id, due_on=clock.today())
            settle_finding(session, one.id, is_true=False, note="查无问题")


def let_notices_end(until: date) -> None:
    """The days of the notices pass, and the job ends them."""
    be_on(until)
    with platform() as session:
        for notice_id in list_ended(session):
            end_notice(session, notice_id)


def read(run_id: int) -> SubsidyRun:
    """Return a run as it is."""
    with platform() as session:
        return get_run(session, run_id)
