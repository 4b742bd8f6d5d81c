"""Lists of people in beds, as homes write them."""

import csv
import io
from datetime import date

from server import clock
from server.facilities.occupants.importing import understand
from server.facilities.occupants.loading import look_at, take_in
from server.facilities.occupants.noting import note

HEADINGS = ("机构", "房间", "床位", "床位类型", "姓名", "身份证号", "入住日期", "备注")
SINCE = date(2024, 3, 1)


def a_row(bed, name="李秀英", number="", **given):
    """A person in a bed since long ago; what is given replaces a column of that name."""
    row = {"床位": bed if isinstance(bed, str) else bed.label, "姓名": name, "身份证号": number,
           "入住日期": SINCE.isoformat()}  # fmt: skip
    return row | given


def a_list(*rows, headings=HEADINGS):
    """The bytes of a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, headings)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def read(*rows):
    return understand(a_list(*rows), today=clock.today())


def complaints(session, *rows, site_ids=None):
    """Row → the complaints about it, as a check tells them."""
    occupants = read(*rows)
    note(occupants, look_at(session, occupants.people, site_ids=site_ids))
    return told(occupants)


def told(occupants):
    found = {}
    for finding in occupants.checked.findings_in_order:
        found.setdefault(finding.row, []).append(finding.complaint.code)
    return found


def take(session, *rows, site_ids=None, is_whole=True):
    return take_in(session, read(*rows).people, site_ids=site_ids, is_whole=is_whole)
