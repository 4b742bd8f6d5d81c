"""What lists of caregivers have in common: whose row it is, and how little of it is shown."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from server import masking
from server.intake.checking import Belongs, Checked
from server.intake.findings import Complaint, error
from server.people.errors import IdNumberUnusable
from server.people.papers import check_id_number

SHOWN_LETTERS_OF_A_NUMBER = 8


class NotUsable(Exception):
    """A field of the row that cannot be used, and why."""

    def __init__(self, field: str, complaint: Complaint) -> None:
        super().__init__(field, complaint.code)
        self.field = field
        self.complaint = complaint


def number_in(text: str) -> str:
    """Return a checked ID number; raises `NotUsable`."""
    try:
        return check_id_number(text)
    except IdNumberUnusable:
        raise NotUsable("id_number", error("id-number-unusable")) from None


def all_here(_: Mapping[str, str]) -> Belongs:
    """A list of staff says nothing of cities: every row is for the one that is worked for."""
    return Belongs.HERE


def hide(checked: Checked) -> None:
    """Mask names, numbers, phones and accounts in what findings quote."""
    hidden = {checked.headings[one]: MASKS[one] for one in MASKS if one in checked.headings}
    hidden[""] = lambda _: ""
    checked.findings[:] = [
        replace(one, value=hidden[one.column](one.value)) if one.column in hidden else one
        for one in checked.findings
    ]


def _number(text: str) -> str:
    shown = len(text) > SHOWN_LETTERS_OF_A_NUMBER
    return masking.id_number(text) if shown else "*" * len(text)


MASKS: Mapping[str, Callable[[str], str]] = {
    "name": masking.name,
    "id_number": _number,
    "phone": lambda text: masking.phone(text) if len(text) > 7 else "*" * len(text),
    "payee_account": lambda text: "*" * len(text),
}
