"""Typesetting with Typst: a template of ours, and facts that are never read as markup."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typst

from server.printing.characters import FONTS, printable

NO_INSTANT = 0  # When it was printed is no fact: a paper says which day it is of.


def typeset(template: Path, facts: Mapping[str, Any]) -> bytes:
    """Return the PDF that a template makes of these facts, which it reads as `sys.inputs.facts`.

    A character that the font does not hold is printed as its number, 〔U+323AF〕, never as an empty
    box. Several threads may typeset at once.
    """
    told = orjson.dumps(_printable(facts)).decode()
    compiler = typst.Compiler(
        template, root=template.parent, font_paths=_fonts(), ignore_system_fonts=True,
        sys_inputs={"facts": told},
    )  # fmt: skip
    pdf = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=NO_INSTANT)
    assert isinstance(pdf, bytes), "one file, given no place to write it to"
    return pdf


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {name: _printable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    return value
