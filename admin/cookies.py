"""What the console keeps in the browser: the sign-in's token, and how one likes to read."""

from datetime import datetime

from flask import Response, request

from server import clock

TOKEN = "yinling_console"
A_YEAR = 365 * 24 * 3600


def path() -> str:
    """Return where the console is mounted; its cookies go nowhere else."""
    return request.script_root or "/"


def token() -> str | None:
    """Return the token of the sign-in, which the database resolves, or None."""
    return request.cookies.get(TOKEN)


def keep_token(response: Response, token: str, *, until: datetime) -> None:
    """Sign this browser in, out of reach of scripts and of other sites."""
    seconds = int((until - clock.now()).total_seconds())
    _set(response, TOKEN, token, seconds)


def forget_token(response: Response) -> None:
    """Sign this browser out."""
    response.delete_cookie(TOKEN, path=path(), secure=request.is_secure, httponly=True)


def keep_choice(response: Response, name: str, value: str) -> None:
    """Remember how this browser's reader likes the pages."""
    _set(response, name, value, A_YEAR)


def _set(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path(),
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
