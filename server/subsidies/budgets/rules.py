"""What a year will come to; plain values."""

MONTHS_OF_A_YEAR = 12


def forecast(used_fen: int, months_paid: int) -> int | None:
    """Return what the year comes to if its other months are like those paid so far.

    None where no month has been paid yet. A programme that pays a year at once has all of it.
    """
    if months_paid <= 0:
        return None
    whole = max(MONTHS_OF_A_YEAR, months_paid)
    return (used_fen * whole + months_paid // 2) // months_paid
