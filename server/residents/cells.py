"""What every list of people has in common: who a row speaks of, and how little of it is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from server import masking
from server.intake.checking import Belongs, Checked
from server.intake.findings import Complaint, error
from server.people.errors import IdNumberUnusable
from server.people.papers import check_id_number
from server.residents.models import ID_NUMBER_FIELD, Sex
from server.residents.rules import told_by_id_number
from server.secrets.fields import keyring

SHOWN_LETTERS_OF_A_NUMBER = 8


@dataclass(frozen=True)
class Identity:
    """Who a row speaks of: the checked number where there is one, the birthday, and the sex."""

    number: str | None
    born_on: date | None
    sex: Sex | None

    @cached_property
    def digest(self) -> bytes | None:
        """What the register finds the number by."""
        return None if self.number is None else keyring().digest(self.number, ID_NUMBER_FIELD)


class NotUsable(Exception):
    """A field of the row that cannot be used, and why."""

    def __init__(self, field: str, complaint: Complaint) -> None:
        super().__init__(field, complaint.code)
        self.field = field
        self.complaint = complaint


def identity_in(values: Mapping[str, Any]) -> Identity:
    """Read ID number, birthday and sex of a row; what the number says, the others may not deny.

    Raises `NotUsable`.
    """
    sex = values.get("sex")
    given = Identity(None, values.get("born_on"), Sex(sex) if sex else None)
    if values.get("id_number") is None:
        return given
    try:
        number = check_id_number(values["id_number"])
    except IdNumberUnusable:
        raise NotUsable("id_number", error("id-number-unusable")) from None
    sex_said, born_on_said = told_by_id_number(number)
    for field, said in (("born_on", born_on_said), ("sex", sex_said)):
        if getattr(given, field) not in (None, said):
            raise NotUsable(field, error("disagrees-with-id-number"))
    return Identity(number, born_on_said, sex_said)


def all_here(_: Mapping[str, str]) -> Belongs:
    """A list of people says nothing of cities: every row is for the one that is worked for."""
    return Belongs.HERE


def hide_people(checked: Checked) -> None:
    """Mask names, numbers and phones in what findings quote: the row's number leads to the row."""
    hidden = {
        checked.headings[field]: mask for field, mask in MASKS.items() if field in checked.headings
    }
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
}
