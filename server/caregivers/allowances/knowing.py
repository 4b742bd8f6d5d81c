"""What the database knows of caregivers, one statement for each kind of fact."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Row, bindparam, text
from sqlmodel import Session, col, select

from server.caregivers.allowances.given import (
    Basis,
    Breach,
    Certificate,
    Contract,
    Education,
    Known,
    Work,
)
from server.caregivers.allowances.rulebook import DatedFigure, Rulebook
from server.caregivers.allowances.terms import KEYS
from server.caregivers.models import BreachKind, Degree, InsurancePayer, Post
from server.policies.models import Parameter

IDS = bindparam("ids", type_=ARRAY(BigInteger))
PEOPLE = text(
    "SELECT id, keeper_site_id, payee_digest IS NOT NULL AS has_payee FROM caregiver"
    " WHERE id = ANY(:ids) ORDER BY id"
).bindparams(IDS)
KINDS = {
    "works": """
        SELECT caregiver_id, id, site_id, post, is_front_line, is_full_time, on_establishment,
               starts_on, ends_on FROM employment WHERE caregiver_id = ANY(:ids)""",
    "contracts": """
        SELECT e.caregiver_id, c.employment_id, c.starts_on, c.ends_on, c.insurance_payer
          FROM employment_contract c JOIN employment e ON e.id = c.employment_id
         WHERE e.caregiver_id = ANY(:ids)""",
    "educations": """
        SELECT caregiver_id, degree, obtained_on, recognised_on
          FROM caregiver_education WHERE caregiver_id = ANY(:ids)""",
    "certificates": """
        SELECT caregiver_id, level, number, issued_on, valid_until, annulled_on,
               (file_id IS NOT NULL OR verified_on IS NOT NULL OR EXISTS (
                   SELECT FROM completion_certificate o
                    WHERE o.skill_certificate_id = c.id AND o.annulled_on IS NULL)) AS is_proved
          FROM skill_certificate c WHERE caregiver_id = ANY(:ids)""",
    "attendance": """
        SELECT caregiver_id, month, sum(days)::int AS days FROM attendance_month
         WHERE caregiver_id = ANY(:ids) GROUP BY caregiver_id, month""",
    "minutes": """
        SELECT caregiver_id, extract(year FROM attended_on)::int AS year,
               sum(minutes)::int AS minutes
          FROM continuing_education WHERE caregiver_id = ANY(:ids) GROUP BY 1, 2""",
    "breaches": """
        SELECT caregiver_id, kind, happened_on, cleared_on, document
          FROM caregiver_breach WHERE caregiver_id = ANY(:ids)""",
}
OF_PAPERS = ("works", "contracts", "educations", "certificates")
STATEMENTS = {kind: text(query).bindparams(IDS) for kind, query in KINDS.items()}
AT_WORK = text(
    """
    SELECT DISTINCT caregiver_id FROM employment
     WHERE site_id = :site AND starts_on <= :last AND (ends_on IS NULL OR ends_on > :first)
     ORDER BY caregiver_id
    """
)
SITES = text("SELECT DISTINCT site_id FROM employment ORDER BY site_id")

Rows = Sequence[Row[Any]]


def find_known(
    session: Session, caregiver_ids: Sequence[int], kinds: Collection[str] = tuple(KINDS)
) -> list[Known]:
    """Return what is known of these caregivers, as far as row security lets the actor see.

    `kinds` names the facts that are wanted; of the others nothing is read.
    """
    ids = {"ids": list(caregiver_ids)}
    connection = session.connection()
    people = connection.execute(PEOPLE, ids).all()
    facts = {
        kind: _by_caregiver(connection.execute(statement, ids).all())
        for kind, statement in STATEMENTS.items()
        if kind in kinds
    }
    return [
        _known(one, {kind: facts[kind][one.id] if kind in facts else [] for kind in KINDS})
        for one in people
    ]


def find_rulebook(session: Session) -> Rulebook:
    """Return every figure of allowances that the city has or had."""
    rows = session.execute(
        select(Parameter).where(col(Parameter.key).in_(KEYS)).order_by(col(Parameter.id))
    )
    return Rulebook(
        [
            DatedFigure(
                Basis(row.id or 0, row.key, row.document, row.clause),
                row.value, row.starts_on, row.ends_on,
            )
            for row in rows.scalars()
        ]
    )  # fmt: skip


def list_at_work(session: Session, site_id: int, *, first: date, last: date) -> list[int]:
    """Return who worked at the site on any of these days."""
    asked = {"site": site_id, "first": first, "last": last}
    return list(session.connection().execute(AT_WORK, asked).scalars())


def list_sites(session: Session) -> list[int]:
    """Return the sites at which anybody works or worked."""
    return list(session.connection().execute(SITES).scalars())


def _by_caregiver(rows: Rows) -> defaultdict[int, list[Row[Any]]]:
    grouped: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        grouped[row.caregiver_id].append(row)
    return grouped


def _known(one: Row[Any], facts: dict[str, list[Row[Any]]]) -> Known:
    return Known(
        caregiver_id=one.id,
        keeper_site_id=one.keeper_site_id,
        has_payee=one.has_payee,
        works=[_work(row) for row in facts["works"]],
        contracts=[
            Contract(row.employment_id, row.starts_on, row.ends_on,
                     InsurancePayer(row.insurance_payer))
            for row in facts["contracts"]
        ],
        educations=[
            Education(Degree(row.degree), row.obtained_on, row.recognised_on is not None,
                      row.recognised_on)
            for row in facts["educations"]
        ],
        certificates=[
            Certificate(row.level, row.number, row.issued_on, row.valid_until, row.annulled_on,
                        row.is_proved)
            for row in facts["certificates"]
        ],
        attendance={row.month: row.days for row in facts["attendance"]},
        minutes={row.year: row.minutes for row in facts["minutes"]},
        breaches=[
            Breach(BreachKind(row.kind), row.happened_on, row.cleared_on, row.document)
            for row in facts["breaches"]
        ],
    )  # fmt: skip


def _work(row: Row[Any]) -> Work:
    return Work(
        row.id, row.site_id, Post(row.post), row.is_front_line, row.is_full_time,
        row.on_establishment, row.starts_on, row.ends_on,
    )  # fmt: skip
