"""Personal data as screens may show it (domain.md §10: name keeps its first character, …)."""


def phone(number: str) -> str:
    """Return `138****1234` for a mainland number with or without +86."""
    local = number.removeprefix("+86")
    return f"{local[:3]}****{local[-4:]}"


def id_number(number: str) -> str:
    """Return `1405**********1234`."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"


def name(full_name: str) -> str:
    """Return `张*`: the first character, and one star for each of the others."""
    return full_name[:1] + "*" * max(len(full_name) - 1, 1)
