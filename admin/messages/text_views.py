"""Every text that can be sent, as its reader would get it; to be read, not to be changed here."""

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked
from admin.messages.forms import TextFilters
from admin.pages import page
from admin.words import word
from server.i18n.catalogues import gettext as _
from server.notifications.kinds import Topic
from server.notifications.texts import list_templates
from server.web.access import reads

blueprint = Blueprint(
    "message_texts", __name__, url_prefix="/messages/texts", template_folder="templates"
)
SEE = "messages.see-texts"


@blueprint.get("")
@reads(SEE)
def list_texts(*, session: Session) -> str:
    """Every kind with its ways and its texts in both languages, filled with an example."""
    wanted = asked(TextFilters)
    return page(
        session,
        "admin/messages/texts.html",
        templates=list_templates(wanted["topic"]),
        wanted=wanted,
        topics=[(one.value, word("message_topic", one)) for one in Topic],
        asked_for={"topic": wanted["topic"].value} if wanted["topic"] else {},
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_texts(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Kind"), _("About what"), _("Ways"), _("Language"), _("Text"),
                _("Characters"), _("Text messages")]  # fmt: skip
    rows = (
        [one.name, word("message_topic", one.kind.topic),
         ", ".join(word("message_channel", way) for way in one.channels), preview.language,
         preview.text, preview.length, preview.parts]
        for one in list_templates(asked(TextFilters)["topic"])
        for preview in one.previews
    )  # fmt: skip
    return export(ending, _("Texts of messages"), headings, rows)
