"""The key that signs meal codes, looked up once a minute: a booking is shown without asking."""

from sqlmodel import Session

from server.db.cities import current_city
from server.meals.counter.keys import Signer, find_signer
from server.web.remembering import Remembering

_signers: Remembering[Signer | None] = Remembering(seconds=60, most=50)


def signer_of(session: Session) -> Signer | None:
    """Return the city's present key, at most a minute old; None where there is none yet."""
    return _signers.get(current_city(), lambda: find_signer(session))


def forget_signers() -> None:
    """Look the keys up anew at the next need."""
    _signers.forget()
