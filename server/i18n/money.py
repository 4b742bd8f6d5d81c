"""Money as people read it: in yuan, whatever it is kept in."""


def in_yuan(fen: int) -> str:
    """Return `1,200.00`; what is taken off has its minus before it: `−0.50`."""
    return f"{'−' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
