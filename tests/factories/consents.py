"""What people have agreed to."""

from server import clock
from server.residents.consents.models import Consent, GivenHow, Giver, Purpose
from server.residents.consents.queries import get_text


def make_consent(session, purpose, *, resident=None, account=None, text=None):
    """Agree in the app to the text in force, or to `text`."""
    purpose = Purpose(purpose)
    words = text or get_text(session, purpose, language="zh-CN", today=clock.today())
    consent = Consent(
        resident_id=resident.id if resident else None,
        account_id=account.id if account else None,
        purpose=purpose,
        text_id=words.id,
        given_at=clock.now(),
        how=GivenHow.APP,
        given_by=Giver.SELF,
    )
    session.add(consent)
    session.flush()
    return consent


NEWER_TEXT = """
    INSERT INTO city_1405.consent_text
           (purpose, version, language, title, summary, stops, body, digest, valid_from)
    SELECT purpose, version + 1, language, title, summary, stops, body, digest, valid_from
      FROM city_1405.consent_text WHERE purpose = :purpose AND version = 1
"""
