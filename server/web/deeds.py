"""Acts in words, for whoever reads who did what: the console and the phone say the same."""

from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext


def deed(action: str) -> str:
    """Return in words what an act did; one that has no words of its own is told as a change."""
    said = pgettext("deed", action)
    return _("A change of the register") if said == action else said
