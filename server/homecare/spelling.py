"""Numbers on plates and invoices, as they are kept: however somebody types one, it is that one."""

import re
import unicodedata

from server.intake.cells import cleaned

DASHES = re.compile(r"[‐-―−－﹘﹣]")


def plate_of(number: str) -> str:
    """Return a serial number as a gateway sends it: its letters stay large or small."""
    return cleaned(unicodedata.normalize("NFKC", DASHES.sub("-", number))) or number


def invoice_of(number: str) -> str:
    """Return the number of an invoice: `ａb 12` and `AB12` are one."""
    return re.sub(r"\s", "", plate_of(number)).upper()
