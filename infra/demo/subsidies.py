"""Subsidies of the last three months in the demo: runs at every stage, and a claim of each kind.

Everything is done by the services themselves, on the days on which offices would, in the name of
the demo's own staff.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from PIL import Image
from sqlalchemy import text
from sqlmodel import Session

from infra.demo.claimed import let_all_through
from server import clock
from server.caregivers.allowances.days import months_after
from server.db.cities import current_city
from server.db.sessions import actor_of
from server.identity.models import Role
from server.meals.settlement.service import accept
from server.policies.programmes.models import PolicyVersion
from server.subsidies.approvals.approving import approve_next
from server.subsidies.approvals.queries import sum_payable
from server.subsidies.approvals.reviewing import sign_run, submit_run
from server.subsidies.checks.service import check_runs
from server.subsidies.claims.asking import add_paper, begin_claim, hand_in
from server.subsidies.claims.models import Claimant
from server.subsidies.claims.versions import read_version
from server.subsidies.differences.service import look, start
from server.subsidies.models import SubsidyRun
from server.subsidies.notices.models import Via
from server.subsidies.notices.objecting import answer_objection, object_to
from server.subsidies.notices.publishing import end_notice, publish_notice
from server.subsidies.reckoning.figures import amounts_in, programme_of
from server.subsidies.reckoning.service import Wanted, go_on, start_run, start_trial

OPERATION, POST, MEALS = "facility_operation", "post_allowance", "meals"
OFFICES = {"city": Role.CITY_OFFICER, "approver": Role.APPROVER, "auditor": Role.AUDITOR,
           "cashier": Role.CASHIER,
           "operator": Role.FACILITY_OPERATOR, "operator2": Role.FACILITY_OPERATOR}  # fmt: skip
OCTOBER = 10
# Of the months of that window one that no run of the demo takes up.
A_MONTH_NOT_RUN = 4
MADE_ON, NOTICE, PUBLISHED_AGO = 4, timedelta(days=8), timedelta(days=2)
OBJECTED_AGO = timedelta(days=1)
ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM subsidy_run)")
IS_REFERENCE = text(
    "SELECT EXISTS (SELECT 1 FROM policy_version WHERE programme = :programme AND ends_on IS NULL)"
)
STAFF = text("SELECT id FROM staff WHERE sign_in_name = :name")
SOMEBODY = text(
    """
    SELECT l.resident_id FROM subsidy_line l
      JOIN assessment a ON a.resident_id = l.resident_id AND a.status = 'confirmed'
       AND a.starts_on < :since AND a.ends_on > :since
     WHERE l.run_id = :run AND l.outcome = 'due' AND l.amount_fen > 0
     ORDER BY l.resident_id LIMIT 1
    """
)
# An office found that a level had been better for some months: the old one ends, a new one begins.
END_LEVEL = text(
    "UPDATE assessment SET ends_on = :since WHERE resident_id = :who AND status = 'confirmed'"
    " AND starts_on < :since AND ends_on > :since"
)
BEGIN_LEVEL = text(
    """
    INSERT INTO assessment (resident_id, scale_version, reason, assessed_on, assessor_id, status,
           self_care, movement, mind, senses, total, initial_level, final_level, figures,
           submitted_at, reviewed_by, reviewed_at, starts_on, ends_on)
    SELECT resident_id, scale_version, 'disputed', :since, assessor_id, status, self_care,
           movement, mind, senses, total, 'intact', 'intact', figures, submitted_at, reviewed_by,
           reviewed_at, :since, CAST(:since AS date) + 365
      FROM assessment WHERE resident_id = :who AND ends_on = :since
    """
)
NOTICE_OF = text("SELECT code FROM subsidy_notice WHERE run_id = :run AND withdrawn_at IS NULL")
LISTED = text(
    "SELECT number FROM subsidy_line WHERE run_id = :run AND outcome = 'due' AND amount_fen > 0"
    " ORDER BY number LIMIT :most"
)
# What was said, what was answered, and whether it was so.
OBJECTIONS = (
    (
        "老人上月中旬已回家居住，没有住满整月。",
        "已核对床位记录，异议成立，本笔剔除。",
        True,
    ),
    ("这家机构的等级是不是写高了？", "等级证书在有效期内，与公示一致。", False),
    ("同一个村里情况差不多，为什么金额不一样？", "", False),
)
OPERATOR_OF = text(
    "SELECT s.sign_in_name FROM staff s JOIN staff_role r ON r.staff_id = s.id"
    " WHERE r.site_id = :site AND r.role = 'facility_operator' ORDER BY s.id LIMIT 1"
)
CONFIRMED = text(
    "SELECT id FROM meal_settlement WHERE month = :month AND stage = 'confirmed' ORDER BY id"
)
HOMES = text(
    "SELECT DISTINCT site_id FROM subsidy_line WHERE run_id = :run AND outcome = 'due'"
    " ORDER BY site_id LIMIT 2"
)


def are_runs_there(session: Session) -> bool:
    """True once anything was run, and where no policy says by what."""
    connection = session.connection()
    known = connection.execute(IS_REFERENCE, {"programme": OPERATION}).scalar_one()
    return not known or bool(connection.execute(ARE_THERE_ANY).scalar_one())


def put_runs(session: Session) -> int:
    """Run the last months of three programmes, each as far as it is by now; returns how many.

    The first of them may be paid, and a level that was corrected since takes some of it back.
    """
    this = clock.today().replace(day=1)
    oldest, middle, latest = (months_after(this, -back) for back in (3, 2, 1))
    first = _through_notice(session, oldest, OPERATION)
    runs = [first, _through_notice(session, oldest, POST)]
    with on_day(clock.today() - PUBLISHED_AGO):
        runs.append(_published(session, middle, OPERATION))
    _object(session, runs[-1])
    runs += [_meals_of(session, middle), _approved(session, middle, POST)]
    submitted = _submitted(session, latest, OPERATION)
    runs.append(submitted)
    runs.append(_reckoned(session, latest, POST))
    _try_other_figures(session, submitted)
    _put_right(session, first, oldest)
    _claim(session, first)
    return len(runs)


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """Let it be ten in the morning of a day that was."""
    shift = clock.SHIFT
    clock.move_to(datetime(day.year, day.month, day.day, 2, tzinfo=UTC))
    try:
        yield
    finally:
        clock.SHIFT = shift


@contextmanager
def in_name_of(session: Session, name: str, *, site_id: int | None = None) -> Iterator[None]:
    """Let the block be done by one of the demo's staff, where the city has them."""
    before = actor_of(session)
    staff_id = session.connection().execute(STAFF, {"name": name}).scalar()
    if staff_id is None:
        yield
        return
    prefix = current_city() if site_id is None else None
    role = {"role": OFFICES[name].value, "prefix": prefix, "site_id": site_id}
    session.info["actor"] = replace(before, staff_id=staff_id, roles=[role])
    try:
        yield
    finally:
        session.info["actor"] = before


def _reckoned(session: Session, month: date, programme: str) -> int:
    made_on = min(months_after(month, 1) + timedelta(days=MADE_ON), clock.today())
    with on_day(made_on):
        let_all_through(session, programme, month, scan=_picture(0))
        with in_name_of(session, "city"):
            wanted = Wanted(programme, month, 1, current_city())
            run_id = start_run(session, wanted).id
        assert run_id is not None, "a flushed row has its key"
        while go_on(session, run_id):
            pass
        check_runs(session, [run_id])
    return run_id


def _submitted(session: Session, month: date, programme: str) -> int:
    run_id = _reckoned(session, month, programme)
    with in_name_of(session, "city"):
        submit_run(session, run_id)
    return run_id


def _approved(session: Session, month: date, programme: str) -> int:
    run_id = _reckoned(session, month, programme)
    _approve(session, run_id)
    return run_id


def _approve(session: Session, run_id: int) -> None:
    with in_name_of(session, "city"):
        review_id = submit_run(session, run_id).id
    assert review_id is not None, "a flushed row has its key"
    with in_name_of(session, "approver"):
        sign_run(session, review_id, control_fen=sum_payable(session, run_id))
    while approve_next(session, review_id):
        pass


def _published(session: Session, month: date, programme: str) -> int:
    run_id = _approved(session, month, programme)
    with in_name_of(session, "city"):
        publish_notice(session, run_id)
    return run_id


def _through_notice(session: Session, month: date, programme: str) -> int:
    with on_day(months_after(month, 1) + timedelta(days=MADE_ON)):
        run_id = _reckoned(session, month, programme)
    _let_through(session, run_id, months_after(month, 1) + timedelta(days=MADE_ON))
    return run_id


def _let_through(session: Session, run_id: int, day: date) -> None:
    """Approved and published on a day, and payable once the notice ended."""
    with on_day(day):
        _approve(session, run_id)
        with in_name_of(session, "city"):
            notice_id = publish_notice(session, run_id).id
    assert notice_id is not None, "a flushed row has its key"
    with on_day(day + NOTICE):
        end_notice(session, notice_id)


def _put_right(session: Session, run_id: int, month: date) -> None:
    """Somebody's level was better than it was held to be: what was paid too much is taken back."""
    asked = {"run": run_id, "since": month}
    who = session.connection().execute(SOMEBODY, asked).scalar()
    if who is None:
        return
    for statement in (END_LEVEL, BEGIN_LEVEL):
        session.connection().execute(statement, {"who": who, "since": month})
    day = clock.today() - NOTICE - NOTICE
    with on_day(day):
        if not look(session, run_id):
            return
        with in_name_of(session, "city"):
            made = start(session, run_id).id
    assert made is not None, "a flushed row has its key"
    _let_through(session, made, day)


def _meals_of(session: Session, month: date) -> int:
    """The county accepts what canteens confirmed, so that the month's meals are reckoned."""
    confirmed = session.connection().execute(CONFIRMED, {"month": month}).scalars().all()
    with in_name_of(session, "city"):
        for settlement_id in confirmed:
            accept(session, settlement_id)
    return _reckoned(session, month, MEALS)


def _object(session: Session, run_id: int) -> None:
    """Neighbours doubt the list: one was right, one was not, and one waits for an answer."""
    connection = session.connection()
    code = connection.execute(NOTICE_OF, {"run": run_id}).scalar_one()
    lines = connection.execute(LISTED, {"run": run_id, "most": len(OBJECTIONS)}).scalars().all()
    for line, (said, answer, is_upheld) in zip(lines, OBJECTIONS, strict=False):
        with on_day(clock.today() - OBJECTED_AGO):
            made = object_to(session, code=code, said=said, via=Via.PAGE, line=line)
        assert made.id is not None, "a flushed row has its key"
        if answer:
            with in_name_of(session, "city"):
                answer_objection(session, made.id, answer=answer, is_upheld=is_upheld)


def _try_other_figures(session: Session, run_id: int) -> None:
    """What if the greatest amount were a tenth more, and the smallest a tenth less?"""
    version = session.get_one(PolicyVersion, session.get_one(SubsidyRun, run_id).version_id)
    fen = {
        place: value
        for place, value in amounts_in(programme_of(version.content)).items()
        if place.startswith("amounts.") and place.endswith(".fen")
    }
    least, most = min(fen, key=fen.__getitem__), max(fen, key=fen.__getitem__)
    changes = {least: fen[least] * 9 // 10, most: fen[most] * 11 // 10}
    with in_name_of(session, "city"):
        trial = start_trial(session, run_id, changes).id
    assert trial is not None, "a flushed row has its key"
    while go_on(session, trial):
        pass


def _claim(session: Session, run_id: int) -> None:
    """In the last window two homes began to claim, and one handed it in."""
    today = clock.today()
    opened = date(today.year if today.month > OCTOBER else today.year - 1, 10, 20)
    with on_day(opened):
        homes = session.connection().execute(HOMES, {"run": run_id}).scalars().all()
        for site_id in homes:
            _claim_of(
                session,
                site_id,
                months_after(opened.replace(day=1), -A_MONTH_NOT_RUN),
                is_handed_in=site_id == homes[0],
            )


def _claim_of(session: Session, site_id: int, month: date, *, is_handed_in: bool) -> None:
    whose = session.connection().execute(OPERATOR_OF, {"site": site_id}).scalar()
    with in_name_of(session, whose, site_id=site_id) if whose else nullcontext():
        claim = begin_claim(
            session, claimant=Claimant.SITE, claimant_id=site_id, programme=OPERATION,
            first_month=month,
        )  # fmt: skip
        assert claim.id is not None, "a flushed row has its key"
        if not is_handed_in:
            return
        asked = read_version(session, claim.version_id).claim
        for place, paper in enumerate(asked.evidence if asked else ()):
            add_paper(session, claim.id, evidence=paper.id, content=_picture(place))
        hand_in(session, claim.id)


def _picture(place: int) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), (220, 200 + place, 180)).save(content, "JPEG")
    return content.getvalue()
