"""How far into the register a person may look."""

from sqlmodel import Session

from server.db.cities import current_city
from server.db.sessions import actor_of
from server.identity.roles import Reach, reach_of

PERMISSION = "providers.see-register"


def own_reach(session: Session) -> Reach:
    """Return where this person's own offices lie."""
    return reach_of(actor_of(session), PERMISSION)


def register_reach(session: Session) -> Reach:
    """Return the divisions of the person's office; for someone of one site, the whole city.

    The register is public: an operator looks up colleagues in it, as anybody can on the phone. An
    officer works on the division of the office.
    """
    own = own_reach(session)
    return own if own.prefixes else Reach([current_city()], own.site_ids)
