"""What beds and register say to a list, told row by row beside what it said wrongly itself."""

from server.facilities.occupants.importing import Occupants, hide
from server.facilities.occupants.loading import Loaded
from server.intake.findings import error, notice

# Which column of the list a refusal is about; people are refused by their number.
ABOUT = {
    "facility-not-yours": "site",
    "facility-not-open": "site",
    "bed-in-other-room": "room",
    "bed-of-other-kind": "kind",
    "person-not-confirmed": "id_number",
    "person-gone": "id_number",
    "person-on-two-rows": "id_number",
    "here-since-other-day": "admitted_on",
    "has-a-bed": "id_number",
}
A_BED = "label"


def note(occupants: Occupants, loaded: Loaded) -> None:
    """Put down why rows stay outside, and which beds are younger than a stay; people are masked."""
    of_row = {one.row.number: one for one in occupants.people}
    for refused in loaded.refused:
        person, about = of_row[refused.row], ABOUT.get(refused.complaint, A_BED)
        said = {"site": person.site, "room": person.room, "kind": person.kind, A_BED: person.label,
                "id_number": person.identity.number, "admitted_on": person.admitted_on}  # fmt: skip
        value = str(said[about] or "")
        occupants.checked.note(person.row, about, value, error(refused.complaint))
    for later in loaded.later_beds:
        person = of_row[later.row]
        complaint = notice("bed-put-up-later", day=later.starts_on.isoformat())
        occupants.checked.note(person.row, "admitted_on", str(person.admitted_on), complaint)
    hide(occupants)
