"""CSV, semicolon- and tab-separated text, with one torn row unable to swallow those below it."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence

from server.intake.rows import Row

DELIMITERS = ",\t;"
# A quoted cell may hold line breaks; one that runs on for longer was never closed.
LONGEST_RECORD_LINES = 20


def read_delimited(text: str, *, are_headings: Callable[[Sequence[str]], bool]) -> Iterator[Row]:
    """Yield the rows of the text, numbered by the line on which each begins.

    A record of several lines counts as one only if its cells match the headings; otherwise its
    first line is a torn row, and reading goes on with the next line.
    """
    lines = re.split(r"\r\n|\n|\r", text)
    delimiter = _delimiter_of(lines, are_headings)
    width = 0
    at = 0
    while at < len(lines):
        row, taken = _record_at(lines, at, delimiter=delimiter, width=width)
        if not width and are_headings(row.cells):
            width = len(row.cells)
        at += taken
        if not row.is_blank:
            yield row


def _delimiter_of(lines: Sequence[str], are_headings: Callable[[Sequence[str]], bool]) -> str:
    """The delimiter under which the headings are found; a comma when none helps."""
    for delimiter in DELIMITERS:
        if any(are_headings(row) for row in csv.reader(lines[:20], delimiter=delimiter)):
            return delimiter
    return ","


def _record_at(lines: Sequence[str], at: int, *, delimiter: str, width: int) -> tuple[Row, int]:
    if '"' not in lines[at]:
        return Row(at + 1, tuple(lines[at].split(delimiter))), 1
    following = (line + "\n" for line in lines[at : at + LONGEST_RECORD_LINES])
    reader = csv.reader(following, delimiter=delimiter, strict=True)
    try:
        cells = next(reader)
    except csv.Error:
        return _torn(lines, at, delimiter), 1
    if reader.line_num > 1 and width and len(cells) != width:
        return _torn(lines, at, delimiter), 1
    return Row(at + 1, tuple(cells)), reader.line_num


def _torn(lines: Sequence[str], at: int, delimiter: str) -> Row:
    return Row(at + 1, tuple(lines[at].split(delimiter)), torn=True)
