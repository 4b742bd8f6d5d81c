"""Class hours held against shifts and visits: both are known here."""
