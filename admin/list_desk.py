"""What every desk shares at which a list of people is chosen, checked, and taken in."""

from collections.abc import Collection, Sequence
from typing import Any

from flask import request

from server.i18n.catalogues import pgettext
from server.intake.errors import TableTooLarge, TableUnreadable
from server.intake.findings import Finding

A_MEGABYTE = 1024 * 1024
MOST_SHOWN = 200


def let_forms_in(endpoints: Collection[str], largest: int) -> None:
    """Let these forms be as large as a list that was sealed, a third longer than it was."""
    if request.endpoint in endpoints:
        request.max_content_length = largest
        request.max_form_memory_size = largest


def read_list(errors: Any, largest: int) -> bytes:
    """Return the list that was sent with a form; raises `TableUnreadable`, `TableTooLarge`."""
    sent = request.files.get("list")
    if errors or sent is None or set(request.files) != {"list"}:
        raise TableUnreadable()
    content: bytes = sent.read(largest + 1)
    if len(content) > largest:
        raise TableTooLarge(megabytes=largest // A_MEGABYTE)
    return content


def told_findings(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return what a page tells of findings: each, why, its weight; and how many are left out."""
    return {
        "findings": [(one, *_words_of(one)) for one in findings[:MOST_SHOWN]],
        "left_out": max(0, len(findings) - MOST_SHOWN),
    }


def _words_of(finding: Finding) -> tuple[str, str]:
    complaint = finding.complaint
    reason = pgettext("finding", complaint.code, **complaint.facts)
    return reason, pgettext("weight", complaint.level.name.lower())
