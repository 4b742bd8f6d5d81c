from pathlib import Path

import pytest
from openpyxl import Workbook

from server.intake.mapping import Target, read_mapping

MAPPING = """
columns:
  city: {headings: [城市], required: true}
  name: {headings: [名称], parser: name, required: true, longest: 10}
  beds: {headings: ["床位(张)", 床位], parser: count, units: [张], not_known: [未知]}
"""
TARGETS = {
    "city": Target(),
    "name": Target(longest=8),
    "beds": Target(("count",)),
    "kind": Target(("only_term",), choices=frozenset({"care_home"})),
}


@pytest.fixture
def mapping_of(tmp_path):
    """A mapping read from the text of its file."""

    def read(text=MAPPING):
        path = tmp_path / "mapping.yaml"
        path.write_text(text, encoding="utf-8")
        return read_mapping(path, targets=TARGETS)

    return read


@pytest.fixture
def csv_of(tmp_path):
    """A CSV file with this text, in this encoding."""

    def write(text, encoding="utf-8", name="list.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def workbook_of(tmp_path):
    """A workbook whose first sheets hold these rows."""

    def write(*sheets, name="list.xlsx") -> Path:
        workbook = Workbook()
        workbook.remove(workbook.active)
        for rows in sheets:
            sheet = workbook.create_sheet()
            for row in rows:
                sheet.append(row)
        path = tmp_path / name
        workbook.save(path)
        return path

    return write
