"""Subsidies in the shape in which a phone reads them."""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row

from server import clock
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.places.models import CODE_LENGTH, DivisionLevel
from server.policies.programmes.schema import Programme
from server.subsidies.claims.asking import MAY_BE_FILLED
from server.subsidies.claims.foreseeing import Foreseen
from server.subsidies.claims.models import ClaimState, SubsidyClaimPaper
from server.subsidies.claims.openings import Opening
from server.subsidies.claims.rules import DIGITS, STATE_AT, months_after
from server.subsidies.claims.states import OPEN
from server.subsidies.models import RunKind
from server.subsidies.own.lines import Standing, standing_of
from server.subsidies.reckoning.explaining import Said, reason_words

# A claim goes through some of the offices; what comes after them is the same for all.
WAY = ("handed_in", "town", "county", "city", "reckoned", "notice", "paid")


def line(row: Row[Any], programmes: Mapping[int, Programme], own: Container[int]) -> dict[str, Any]:
    """Return a line, with why nothing is paid where that is so; `own` are the reader's numbers as a
    resident."""
    standing = standing_of(row)
    day = {Standing.PAID: row.settled_on, Standing.IN_NOTICE: row.notice_ends_on}.get(standing)
    reasons = row.trace.get("reasons", []) if standing is Standing.REFUSED else []
    return {
        "run_id": row.run_id,
        "number": row.number,
        "person_name": row.person_name or "",
        "is_own": row.resident_id is None or row.resident_id in own,
        "month": f"{row.month:%Y-%m}",
        "programme_name": in_language(row.programme_name),
        "site_name": row.site_name,
        "payee": row.payee,
        "amount_fen": row.amount_fen,
        "is_correction": row.kind == RunKind.DIFFERENCE,
        "state": standing.value,
        "day": day,
        "notice_code": row.notice_code if standing is Standing.IN_NOTICE else None,
        "reasons": [reason_words(programmes[row.version_id], one).sentence for one in reasons],
    }


def sentence(said: Said) -> dict[str, Any]:
    return {"sentence": said.sentence, "clause": said.clause}


def opening(one: Opening) -> dict[str, Any]:
    claim, stretch = one.programme.claim, one.stretch
    papers = [each for each in claim.evidence if each.is_required] if claim else []
    return {
        "programme": one.programme.programme,
        "programme_name": in_language(one.programme.name.model_dump()),
        "resident_id": one.who.resident_id,
        "person_name": one.who.name,
        "first_month": month_words(stretch.first_month) if stretch else None,
        "last_month": _last_month(stretch.first_month, stretch.months) if stretch else None,
        "closes_on": one.window.closes_on if one.window else None,
        "opens_on": one.opens_on,
        "papers": [in_language(each.name.model_dump()) for each in papers],
    }


def claim(row: Row[Any], missing: Sequence[str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "programme_name": in_language(row.programme_name),
        "person_name": row.name,
        "first_month": month_words(row.first_month),
        "last_month": _last_month(row.first_month, row.months),
        "state": row.state.value,
        "cases": row.cases,
        "expected_fen": row.expected_fen,
        "due_on": row.due_on,
        "closes_on": row.closes_on,
        "words": row.words,
        "missing": list(missing),
        "can_fill": row.state in MAY_BE_FILLED,
        "can_withdraw": row.state in OPEN,
    }


def stages(
    row: Row[Any],
    programme: Programme,
    steps: Sequence[Row[Any]],
    names: Mapping[int, str],
) -> list[dict[str, Any]]:
    """Return the way of a claim from its handing in to the money; none where it has ended.

    `names` are those of the divisions over it, by the digits of their code.
    """
    if row.state in (ClaimState.REFUSED, ClaimState.WITHDRAWN):
        return []
    offices = [stage.at for stage in programme.approval.stages] if programme.approval else []
    at = [None, *(STATE_AT[one] for one in offices), ClaimState.ACCEPTED].index(
        None if row.state in MAY_BE_FILLED else row.state
    )
    left = {step.before: clock.day_of(step.taken_at) for step in steps if step.before}
    left |= {None: row.handed_in_at and clock.day_of(row.handed_in_at)}
    told = [
        _stage("handed_in", 0, at, left[None]),
        *(
            _stage(one, number, at, left.get(STATE_AT[one]), office=_of_stage(one, names))
            for number, one in enumerate(offices, start=1)
        ),
    ]
    return [*told, *_after(programme, len(offices) + 1, at)]


def _after(programme: Programme, number: int, at: int) -> list[dict[str, Any]]:
    """What follows the last office's yes; each amount says itself how far it is by then."""
    days = programme.notice.days if programme.notice else None
    notice = [_stage("notice", number + 1, at, None, days=days)] if days else []
    return [_stage("reckoned", number, at, None), *notice, _stage("paid", number + 2, at, None)]


def _stage(
    name: str, number: int, at: int, done_on: date | None, *, office: str = "",
    days: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "at": name,
        "office": office,
        "done_on": done_on if number < at else None,
        "is_now": number == at,
        "days": days,
    }


def _of_stage(at: str, names: Mapping[int, str]) -> str:
    digits = DIGITS[STATE_AT[at]]
    return office(names.get(digits, ""), digits)


def foreseen(one: Foreseen) -> dict[str, Any]:
    return {
        "known_by": one.look.looked_at.value,
        "cases": len(one.look.cases),
        "expected_fen": one.look.total_fen,
        "sentences": [sentence(said) for said in one.sentences],
        "known_months": [month_words(month) for month in one.known],
    }


def missing(programme: Programme, there: set[str]) -> list[str]:
    """Return in words which papers are asked for and not there."""
    asked = programme.claim.evidence if programme.claim else []
    return [
        in_language(one.name.model_dump())
        for one in asked
        if one.is_required and one.id not in there
    ]


def papers(programme: Programme, there: Sequence[SubsidyClaimPaper]) -> list[dict[str, Any]]:
    asked = programme.claim.evidence if programme.claim else []
    return [
        {
            "evidence": one.id,
            "name": in_language(one.name.model_dump()),
            "is_required": one.is_required,
            "paper_ids": [paper.id for paper in there if paper.evidence == one.id],
        }
        for one in asked
    ]


def objection(row: Row[Any]) -> dict[str, Any]:
    return {**row._mapping, "programme_name": in_language(row.programme_name)}


def recovery(row: Row[Any], coming: Mapping[int, int]) -> dict[str, Any]:
    """Return what is owed back, with what the next payment gives up where that is known."""
    return {
        **row._mapping,
        "programme_name": in_language(row.programme_name),
        "month": month_words(row.month),
        "made_on": clock.day_of(row.made_at),
        "next_fen": coming.get(row.id),
        "office": office(row.office_name, row.office_digits),
        "correction": {"run_id": row.run_id, "number": row.number} if row.run_id else None,
    }


def office(name: str, digits: int) -> str:
    """Return the office over a division in words: a town by its name, others by their bureau."""
    if not name or digits >= CODE_LENGTH[DivisionLevel.TOWN]:
        return name
    return _("{division} civil affairs bureau", division=name)


def entry(row: Row[Any]) -> dict[str, Any]:
    return {"kind": row.kind.value, "amount_fen": row.amount_fen, "on_day": row.on_day}


def in_language(words: Mapping[str, str]) -> str:
    return words["zh" if current_language() == "zh-CN" else "en"]


def month_words(month: date) -> str:
    return f"{month:%Y-%m}"


def _last_month(first: date, months: int) -> str:
    return month_words(months_after(first, months - 1))
