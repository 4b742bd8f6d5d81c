"""Subsidies in the shape in which a phone reads them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row

from server.i18n.catalogues import current_language
from server.policies.programmes.schema import Programme
from server.subsidies.claims.models import SubsidyClaimPaper
from server.subsidies.claims.openings import Opening
from server.subsidies.claims.rules import months_after
from server.subsidies.claims.states import OPEN
from server.subsidies.models import RunKind
from server.subsidies.own.lines import Standing, standing_of
from server.subsidies.reckoning.explaining import Said, reason_words

MAY_BE_FILLED = ("draft", "returned")


def line(row: Row[Any], programmes: Mapping[int, Programme]) -> dict[str, Any]:
    """Return a line, with why nothing is paid where that is so."""
    standing = standing_of(row)
    day = {Standing.PAID: row.settled_on, Standing.IN_NOTICE: row.notice_ends_on}.get(standing)
    reasons = row.trace.get("reasons", []) if standing is Standing.REFUSED else []
    return {
        "run_id": row.run_id,
        "number": row.number,
        "person_name": row.person_name or "",
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


def in_language(words: Mapping[str, str]) -> str:
    return words["zh" if current_language() == "zh-CN" else "en"]


def month_words(month: date) -> str:
    return f"{month:%Y-%m}"


def _last_month(first: date, months: int) -> str:
    return month_words(months_after(first, months - 1))
