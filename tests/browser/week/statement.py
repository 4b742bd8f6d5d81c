"""A settlement read from its page and from its file: the same sums, in fen."""

import io
import re

import openpyxl
from playwright.sync_api import Page

from tests.browser.week.ledger import Parts


def in_fen(text: str) -> int:
    """What a page or a file says in yuan, in fen."""
    yuan, _, fen = text.replace(",", "").partition(".")
    return 100 * int(yuan) + int(fen.ljust(2, "0") or 0)


def on_the_page(page: Page) -> tuple[list[Parts], Parts, list[int]]:
    """The lines of the statement, what stands beneath them, and what is owed, from a screen."""
    table = page.locator("table:has(#lines)")
    cells = table.locator("tbody tr").evaluate_all(
        "all => all.map((row) => [...row.querySelectorAll('.table__number')]"
        ".map((cell) => cell.textContent.trim()))"
    )
    *lines, last = [Parts(int(one[0]), *map(in_fen, one[1:])) for one in cells]
    figures = page.locator(".stat__figure").all_inner_texts()
    owed = [in_fen(re.sub(r"[^\d.]", "", figure)) for figure in figures]
    return sorted(lines), last, owed


def in_the_file(page: Page, address: str) -> tuple[list[Parts], list[int]]:
    """The same lines and the sums below them, from the workbook."""
    answer = page.request.get(f"{address}/statement.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.body()))
    cells = [row for row in book.worksheets[0].iter_rows(values_only=True) if row]
    lines = [Parts(row[3], *(round(100 * yuan) for yuan in row[4:9])) for row in cells
             if isinstance(row[3], int)]  # fmt: skip
    ends = [round(100 * row[8]) for row in cells if row[3] is None and row[8] is not None]
    return sorted(lines), ends
