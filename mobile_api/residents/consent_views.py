"""The privacy notice and separate consents: read, agree, withdraw."""

from collections.abc import Iterator, Sequence, Set
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from mobile_api.residents.consent_schemas import AgreeSchema, ConsentsSchema, ConsentTextSchema
from server import clock
from server.db.sessions import actor_of, reading
from server.errors import NotFound
from server.homecare.beds.queries import find_with_open_beds
from server.i18n.catalogues import current_language
from server.residents.consents import queries, service
from server.residents.consents.models import ConsentText, Purpose
from server.residents.consents.service import Agreement
from server.residents.queries import find_resident_names
from server.web.access import open_to_all, reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "consents", __name__, url_prefix="/v1", description="What one is asked to agree to."
)


@blueprint.get("/consent-texts/<string:purpose>")
@open_to_all
@reading
@blueprint.response(200, ConsentTextSchema)
@blueprint.doc(operationId="getConsentText", security=[])
def get_consent_text(*, purpose: str, session: Session) -> dict[str, Any]:
    """Show the text of a purpose that is in force today"""
    if purpose not in set(Purpose):
        raise NotFound()
    text = queries.get_text(
        session, Purpose(purpose), language=current_language(), today=clock.today()
    )
    return text.model_dump()


@blueprint.get("/consents")
@reads("residents.see-own-consents")
@blueprint.response(200, ConsentsSchema)
@blueprint.doc(operationId="listConsents")
def list_consents(*, session: Session) -> dict[str, Any]:
    """List what oneself is asked to agree to, and what one has agreed to"""
    return _shown(session)


@blueprint.post("/consents")
@writes("residents.agree")
@blueprint.arguments(AgreeSchema)
@blueprint.response(200, ConsentsSchema)
@blueprint.doc(operationId="giveConsents")
def give_consents(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Agree to the notice, or to what is asked apart from it; twice is as good as once"""
    agreements = [Agreement(**one) for one in command["items"]]
    service.agree(session, agreements, language=current_language())
    return _shown(session)


@blueprint.delete("/consents/<int:consent_id>")
@writes("residents.agree")
@blueprint.response(204)
@blueprint.doc(operationId="withdrawConsent")
def withdraw_consent(*, consent_id: int, session: Session) -> None:
    """Take a consent back, at once; doing it twice is as good as once"""
    service.withdraw_own(session, consent_id)


def _shown(session: Session) -> dict[str, Any]:
    actor, today = actor_of(session), clock.today()
    texts = queries.list_texts(session, language=current_language(), today=today)
    standing = queries.list_open(
        session, account_id=actor.account_id, resident_ids=actor.own_resident_ids, today=today
    )
    names = sorted(find_resident_names(session, actor.own_resident_ids).items())
    cared_for = find_with_open_beds(session, actor.own_resident_ids)
    items = _items(texts, standing, names)
    return {"items": [one for one in items if _is_asked(one, cared_for)]}


def _is_asked(item: dict[str, Any], cared_for: Set[int]) -> bool:
    """Nothing is asked that nothing needs (个人信息保护法 art. 6): of who has a bed at home."""
    is_for_a_bed = item["purpose"] == Purpose.HOME_CARE.value
    return not is_for_a_bed or item["id"] is not None or item["resident_id"] in cared_for


def _items(
    texts: Sequence[ConsentText], standing: Sequence[Row[Any]], names: Sequence[tuple[int, str]]
) -> Iterator[dict[str, Any]]:
    """The notice first, then the separate consents of each resident."""
    given = {(row.purpose, row.resident_id): row for row in standing}
    for text in texts:
        if text.purpose is Purpose.NOTICE:
            yield _item(text, given.get((text.purpose, None)))
    for resident_id, name in names:
        for text in texts:
            if text.purpose is not Purpose.NOTICE:
                row = given.get((text.purpose, resident_id))
                yield {**_item(text, row), "resident_id": resident_id, "name": name}


def _item(text: ConsentText, row: Row[Any] | None) -> dict[str, Any]:
    return {
        "id": row.id if row else None,
        "purpose": text.purpose.value,
        "resident_id": None,
        "name": "",
        "title": text.title,
        "summary": text.summary,
        "stops": text.stops,
        "version": text.version,
        "given_at": row.given_at if row else None,
        "how": row.how.value if row else None,
        "is_given": row is not None and row.is_current,
    }
