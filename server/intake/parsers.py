"""How a cell is read, by name: each parser takes a cell and its column, and never guesses."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from server.intake.columns import Column, plain
from server.intake.findings import Complaint, error, notice, warning

YES = {"是", "有", "yes", "y", "true", "1"}
NO = {"否", "无", "no", "n", "false", "0"}
LIST_MARKS = re.compile(r"[,，、;；|]")
RANGE_MARKS = re.compile(r"[-~—–～至到]+")
ABOUT = re.compile(r"^[约近]|[余多]$")
# An address that stops here was cut off, or is waiting for a house number that never came.
OPEN_END = re.compile(r"[,，、\-—–_/(（:：·….]$")
# With or without a time behind it, which does not matter to a day.
DAY = re.compile(
    r"(?:(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?|(\d{4})(\d{2})(\d{2}))"
    r"(?:t?\d{1,2}:\d{2}(?::\d{2})?)?",
    re.ASCII,
)
LARGEST_FEN = 2_000_000_000
BRACKETS = (("(（", ")）"), ("[【", "]】"), ("“", "”"), ("《", "》"))
SPEAKS_OF_ITSELF = re.compile(r"地址|[:：]")
# The address of an office that takes enquiries, not of the place itself.
OFFICE = re.compile(r"(接待中心|接待处|办事处|咨询处|联络处|售楼处).{0,4}[:：]")


@dataclass(frozen=True)
class Parsed:
    """The value of a cell, `None` where there is none, and what is to be said about it."""

    value: Any = None
    complaint: Complaint | None = None


def text(cell: str, column: Column) -> Parsed:
    """Any words, as they are."""
    if len(cell) > column.longest:
        return Parsed(None, error("too-long", longest=column.longest))
    return Parsed(cell)


def name(cell: str, column: Column) -> Parsed:
    """What something is called; a bracket that never closes says that the end is missing."""
    parsed = text(cell, column)
    if not parsed.complaint and any(_is_unclosed(cell, *pair) for pair in BRACKETS):
        return Parsed(cell, warning("cut-off"))
    return parsed


def address(cell: str, column: Column) -> Parsed:
    """Words that should lead to a door: an address cut off, or a remark instead, is said."""
    parsed = name(cell, column)
    if parsed.complaint:
        return parsed
    if OPEN_END.search(cell):
        return Parsed(cell, warning("cut-off"))
    if OFFICE.search(cell):
        return Parsed(cell, warning("address-of-an-office"))
    if SPEAKS_OF_ITSELF.search(cell):
        return Parsed(cell, warning("address-is-a-remark"))
    return parsed


def count(cell: str, column: Column) -> Parsed:
    """A whole number, with or without its unit: `300张`, `1,200`."""
    bare = _without_units(cell, column)
    about = ABOUT.search(bare)
    figure = ABOUT.sub("", bare).replace(",", "")
    if not re.fullmatch(r"[0-9]{1,9}", figure):
        return Parsed(None, error("not-a-count"))
    parsed = _bounded(int(figure), int(figure), column)
    if about and not parsed.complaint:
        return Parsed(parsed.value, warning("only-about"))
    return parsed


def fen(cell: str, column: Column) -> Parsed:
    """An amount in yuan becomes whole fen; of a range its lower end, and that is said."""
    bare = _without_units(cell, column).lstrip("¥").replace(",", "")
    ends = [_yuan(end) for end in RANGE_MARKS.split(bare)]
    if not 1 <= len(ends) <= 2 or any(end is None for end in ends):
        return Parsed(None, error("not-an-amount"))
    yuan = min(end for end in ends if end is not None)
    if yuan * 100 != int(yuan * 100):
        return Parsed(None, error("finer-than-a-fen"))
    if yuan * 100 > LARGEST_FEN:
        return Parsed(None, error("out-of-bounds", least=0, most=LARGEST_FEN // 100))
    parsed = _bounded(int(yuan * 100), yuan, column)
    if len(ends) == 2 and not parsed.complaint:
        return Parsed(parsed.value, notice("lower-end-taken"))
    return parsed


def list_of_words(cell: str, column: Column) -> Parsed:
    """A list within one cell, each item once, in the file's order."""
    items = [item.strip() for item in LIST_MARKS.split(cell)]
    if any(len(item) > column.longest for item in items):
        return Parsed(None, error("too-long", longest=column.longest))
    return Parsed([item for item in dict.fromkeys(items) if item])


def term(cell: str, column: Column) -> Parsed:
    """A word of the glossary; any other word is only kept as it was given, and that is said."""
    known = {plain(word): value for word, value in column.terms.items()}
    if plain(cell) in known:
        return Parsed(known[plain(cell)])
    return Parsed(None, warning("kept-as-given"))


def only_term(cell: str, column: Column) -> Parsed:
    """A word of the glossary; a row with any other word stays outside."""
    parsed = term(cell, column)
    return Parsed(None, error("not-in-the-glossary")) if parsed.complaint else parsed


def yes_or_no(cell: str, column: Column) -> Parsed:
    """是 or 否, and what else people write for them."""
    if plain(cell) in YES | NO:
        return Parsed(plain(cell) in YES)
    return Parsed(None, error("not-yes-or-no"))


def phone(cell: str, column: Column) -> Parsed:
    """A number to ring, extension and all; kept as it stands, since nothing is sent to it."""
    if re.fullmatch(r"[0-9+() \-、,;/转]{5,60}", unicodedata.normalize("NFKC", cell)):
        return text(cell, column)
    return Parsed(None, warning("not-a-phone-number"))


def digits(cell: str, column: Column) -> Parsed:
    """A code of digits alone."""
    if re.fullmatch(r"[0-9]+", cell):
        return text(cell, column)
    return Parsed(None, error("not-digits"))


def day(cell: str, column: Column) -> Parsed:
    """A civil day, as people and spreadsheets write it: 2026-11-22, 2026/11/22, 2026年11月22日."""
    matched = DAY.fullmatch(plain(cell))
    if matched is None:
        return Parsed(None, error("not-a-day"))
    year, month, day_of_month = (int(part) for part in matched.groups() if part is not None)
    try:
        return Parsed(date(year, month, day_of_month))
    except ValueError:
        return Parsed(None, error("not-a-day"))


Parser = Callable[[str, Column], Parsed]
PARSERS: dict[str, Parser] = {
    "text": text,
    "name": name,
    "address": address,
    "count": count,
    "fen": fen,
    "words": list_of_words,
    "term": term,
    "only_term": only_term,
    "yes_or_no": yes_or_no,
    "phone": phone,
    "digits": digits,
    "day": day,
}


def _without_units(cell: str, column: Column) -> str:
    """The cell without its units and spaces, in plain digits; the longest unit goes first."""
    bare = plain(cell)
    for unit in sorted(map(plain, column.units), key=len, reverse=True):
        bare = bare.replace(unit, "")
    return bare


def _yuan(amount: str) -> Decimal | None:
    matched = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(万?)", amount)
    return Decimal(matched[1]) * (10_000 if matched[2] else 1) if matched else None


def _bounded(value: int, measured: int | Decimal, column: Column) -> Parsed:
    if column.between and not column.between[0] <= measured <= column.between[1]:
        return Parsed(None, error("out-of-bounds", least=column.between[0], most=column.between[1]))
    if column.unusual_above is not None and measured > column.unusual_above:
        return Parsed(value, warning("unusually-large"))
    return Parsed(value)


def _is_unclosed(cell: str, openings: str, closings: str) -> bool:
    opened = sum(cell.count(mark) for mark in openings)
    closed = sum(cell.count(mark) for mark in closings)
    return opened != closed
