"""Programmes in force, and runs whose lines are known."""

from copy import deepcopy
from datetime import date
from hashlib import sha256

from sqlalchemy import func, insert, select, text, update

from server import clock
from server.db.tables import table_of
from server.identity.models import Role
from server.policies.programmes.models import (
    PackState,
    PolicyPack,
    PolicyVersion,
    SubsidyFamily,
)
from server.policies.programmes.proposing import put_in_force
from server.policies.programmes.queries import get_version
from server.policies.programmes.schema import Programme
from server.subsidies.approvals.models import ReviewState, SubsidyReview
from server.subsidies.models import (
    RunKind,
    RunStage,
    SubsidyFact,
    SubsidyLine,
    SubsidyRun,
    SubsidySlice,
)
from tests.factories.meals import make_site
from tests.factories.people import make_resident, make_staff

BASIS = {"document": "lu2021", "clause": "补贴标准", "from": "2021-07-01"}
JANUARY = date(2026, 1, 1)

OPERATION = {
    "programme": "facility_operation",
    "name": {"zh": "养老机构运营补贴", "en": "Operating subsidy of care homes"},
    "family": "facility_operation",
    "beneficiary": "resident",
    "payee": "site",
    "facts": "bed_months",
    "period": "month",
    "documents": {"lu2021": {"title": "鲁民〔2021〕21号", "source": "domain.md §0, S5"}},
    "conditions": [{"id": "in_bed", "fact": "days_in_bed", "is": {"at_least": 1}, **BASIS}],
    "amounts": {
        "tables": [
            {
                "id": "by_ability",
                "name": {"zh": "按能力等级", "en": "By ability"},
                "rows": [
                    {"when": {"ability_level": "moderate"}, "fen": 20000, **BASIS},
                    {"when": {"ability_level": ["severe", "total"]}, "fen": 30000, **BASIS},
                ],
            }
        ]
    },
    "counts": {"by": "full_month", "fact": "days_in_bed", **BASIS},
    "factors": [
        {
            "id": "star",
            "name": {"zh": "等级系数", "en": "Star factor"},
            "rows": [
                {"when": {"stars": stars}, "percent": 70 + 10 * stars, **BASIS}
                for stars in range(1, 6)
            ],
        }
    ],
    "budget_line": "养老机构运营补贴",
    "examples": [
        {
            "name": "重度，三星级，满月",
            "month": "2026-01",
            "facts": {
                "days_in_bed": 31,
                "days_of_month": 31,
                "ability_level": "severe",
                "stars": 3,
            },
            "gets": 30000,
        }
    ],
}


def a_programme(**changes):
    """The operating subsidy of care homes as in Linyi, with some of it changed."""
    return deepcopy(OPERATION) | changes


def make_version(session, content=None, *, starts_on=date(2021, 7, 1), **given):
    """Put a programme into force; returns its version."""
    content = Programme.model_validate(content or a_programme()).model_dump(
        mode="json", by_alias=True
    )
    pack = PolicyPack(
        name="tests", title_zh="试验", title_en="Trial", content={}, digest=b"\0" * 32,
        starts_on=starts_on, state=PackState.ACTIVE, proposed_at=clock.now(),
        proposed_by=_somebody(session, Role.CITY_OFFICER), decided_at=clock.now(),
        decided_by=_somebody(session, Role.APPROVER),
    )  # fmt: skip
    session.add(pack)
    session.flush()
    number = session.execute(
        select(func.coalesce(func.max(PolicyVersion.programme_no), 0))
    ).scalar()
    version = PolicyVersion(
        pack_id=pack.id, programme=content["programme"], programme_no=number + 1,
        family_no=family_no(session, content["family"]), content=content,
        digest=sha256(repr(content).encode()).digest(), starts_on=starts_on, **given,
    )  # fmt: skip
    session.add(version)
    session.flush()
    return version


def amend(session, content, *, starts_on):
    """Put another version into force from a day on, months that were reckoned or not."""
    whole = Programme.model_validate(content).model_dump(mode="json", by_alias=True)
    pack = PolicyPack(
        name="tests", title_zh="修订", title_en="Amended", digest=b"\0" * 32, starts_on=starts_on,
        content={"programmes": {whole["programme"]: whole}}, state=PackState.PROPOSED,
        proposed_at=clock.now(), proposed_by=_somebody(session, Role.CITY_OFFICER),
    )  # fmt: skip
    session.add(pack)
    session.flush()
    put_in_force(session, pack, decided_by=_somebody(session, Role.APPROVER), reopens=True)
    session.expire_all()
    return get_version(session, whole["programme"], on=starts_on)


def _somebody(session, role):
    return make_staff(session, role, division_code="1405").id


def family_no(session, code):
    """Return the number of a family, made where there is none."""
    found = session.execute(select(SubsidyFamily.id).where(SubsidyFamily.code == code)).scalar()
    if found is None:
        family = SubsidyFamily(code=code)
        session.add(family)
        session.flush()
        found = family.id
    return found


def make_run(session, lines=None, *, version=None, kind=RunKind.REGULAR, **given):
    """A run that is computed and was held against the checks, with these lines: dicts of what
    differs, one for each.

    A line may give `amount_fen`, `outcome`, `facts`, `trace`, `resident_id`, `site_id`, `month`,
    `part`, `of_run_id`, `of_number`.
    """
    version = version or make_version(session)
    values = {
        "programme": version.programme, "version_id": version.id, "family_no": version.family_no,
        "kind": kind, "division_code": "1405", "first_month": JANUARY, "months": 1,
        "stage": RunStage.GATHERING, "changes": {}, "made_at": clock.now(),
        "made_by": _somebody(session, Role.CITY_OFFICER), "cross_checked_at": clock.now(),
    }  # fmt: skip
    run = SubsidyRun(**values | given)
    session.add(run)
    session.flush()
    _fill(session, run, [{}] if lines is None else lines)
    session.refresh(run)
    return run


def _fill(session, run, lines):
    rows = [_line(session, run, number, given) for number, given in enumerate(lines, start=1)]
    if rows:
        session.execute(insert(table_of(SubsidyFact)), [fact for fact, _ in rows])
    _at(session, run, RunStage.COMPUTING, facts=len(rows))
    if rows:
        session.execute(insert(table_of(SubsidyLine)), [line for _, line in rows])
        cut = {"run_id": run.id, "number": 1, "first_no": 1, "last_no": len(rows)}
        blank = {"lines": 0, "refused": 0, "total_fen": 0, "facts_digest": b"", "lines_digest": b""}
        session.execute(insert(table_of(SubsidySlice)), [cut | blank | {"done_at": clock.now()}])
    session.execute(text("SELECT finish_run(:run, :at)"), {"run": run.id, "at": clock.now()})


def approve(session, run):
    """A review of the run that came to its end, where it has none."""
    review, now = table_of(SubsidyReview), clock.now()
    live = review.c.state != ReviewState.RETURNED
    if session.execute(select(review.c.id).where(review.c.run_id == run.id, live)).scalar():
        return
    approved = {
        "run_id": run.id, "stages": ["city"], "stage_no": 0, "state": ReviewState.APPROVED,
        "submitted_at": now, "control_fen": run.total_fen, "pressed_at": now,
        "pressed_by": _somebody(session, Role.APPROVER), "ended_at": now, "words": "",
    }  # fmt: skip
    session.execute(insert(review).values(**approved))


def _line(session, run, number, given):
    given = dict(given)
    whose = {
        "resident_id": given.pop("resident_id", None),
        "caregiver_id": given.pop("caregiver_id", None),
        "site_id": given.pop("site_id", None),
    }
    if whose["resident_id"] is None and whose["caregiver_id"] is None:
        whose["resident_id"] = make_resident(session).id
    whose["site_id"] = whose["site_id"] or make_site(session).id
    about = given.pop("beneficiary_id", whose["caregiver_id"] or whose["resident_id"])
    shared = {
        "run_id": run.id, "number": number, "beneficiary_id": about,
        "month": given.pop("month", run.first_month), "part": given.pop("part", 0), **whose,
    }  # fmt: skip
    facts = {"days_in_bed": 31, "days_of_month": 31, "ability_level": "severe", "stars": 3}
    fact = shared | {
        "on_day": shared["month"].replace(day=28),
        "subject": given.pop("subject", "stay:1"),
        "facts": given.pop("facts", facts),
    }
    holds = given.pop("holds", 0 if run.kind is RunKind.REGULAR else run.id)
    traced = {"base_fen": 30000, "count": [1, 1], "rows": {"by_ability": 1}, "factors": {"star": 2}}
    line = shared | {
        "family_no": run.family_no, "outcome": "due", "amount_fen": 30000, "trace": traced,
        "holds": holds, "of_run_id": None, "of_number": None,
    } | given  # fmt: skip
    return fact, line


def _at(session, run, stage, **given):
    session.execute(
        update(table_of(SubsidyRun))
        .where(table_of(SubsidyRun).c.id == run.id)
        .values(stage=stage, **given)
    )


PAST_APPROVAL = (
    RunStage.APPROVED, RunStage.IN_NOTICE, RunStage.PAYABLE, RunStage.IN_PAYMENT, RunStage.PAID,
)  # fmt: skip


def move_run(session, run, stage):
    """Bring a run to a later stage, as if all before it had been done."""
    if stage in PAST_APPROVAL:
        approve(session, run)
    _at(session, run, stage)
    session.refresh(run)
    return run
