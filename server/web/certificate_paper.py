"""结业证书 on paper: what stands on it, and the address that tells if it is true."""

from typing import Any

from server import clock
from server.i18n.catalogues import current_language, pgettext
from server.i18n.catalogues import gettext as _
from server.printing.papers import Check, Facts, Paper, Signatures, Words, pdf_of

MOUNT = "/t"


def certificate_pdf(row: Any, base: str) -> bytes:
    """Return the certificate as PDF; `base` is the address of the platform, without a slash."""
    level = _("Skill level {level}", level=pgettext("skill_level", str(row.level)))
    first, last = (f"{clock.day_of(at):%Y-%m-%d}" for at in (row.starts_at, row.ends_at))
    hours, minutes = divmod(row.minutes, 60)
    told = [
        (_("Name"), row.name),
        (_("Course"), row.course),
        (_("Kind"), pgettext("course_kind", row.kind)),
        *([(_("Level"), level)] if row.level else []),
        (_("Classes"), f"{first} – {last}"),
        (_("Attended"), _("{hours} hours {minutes} minutes", hours=hours, minutes=minutes)),
        *([(_("Score"), str(row.score))] if row.score is not None else []),
        *([(_("Skill certificate"), row.skill_number)] if row.skill_number else []),
        (_("Issued on"), f"{row.issued_on:%Y-%m-%d}"),
    ]  # fmt: skip
    words = _("{name} has completed this course. This is the certificate of it.", name=row.name)
    return pdf_of(
        Paper(
            title=_("Certificate of completion"),
            subtitle=_("No. {number}", number=row.number),
            made_on=row.issued_on,
            parts=[Words(words), Facts(told), Signatures([_("{site} (seal)", site=row.kept_by)])],
            check=Check(
                _("Scan this to see whether the certificate is true and still good."),
                row.number,
                f"{base}{MOUNT}/{row.check_code}",
            ),
            language=current_language()[:2],
        )
    )
