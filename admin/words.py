"""Words of the glossary as the reader's language says them, looked up by their code."""

from enum import Enum

from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext


def word(kind: str, code: Enum | str | None) -> str:
    """Return the word for a code, for instance `word("meal", Meal.LUNCH)`; "not known" for None.

    The catalogues have an entry for every code, under the context `kind`.
    """
    if code is None:
        return _("not known")
    return pgettext(kind, str(code.value if isinstance(code, Enum) else code))
