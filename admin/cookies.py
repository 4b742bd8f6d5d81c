"""What the console keeps in the browser: the tokens of the door, and how one likes to read."""

from datetime import datetime

from flask import Response, request

from server import clock

TOKEN = "yinling_console"
STEP = "yinling_step"
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


def step() -> str:
    """Return the token of the second step, or an empty text."""
    return request.cookies.get(STEP, "")


def keep_step(response: Response, token: str, *, until: datetime) -> None:
    """Remember between the two steps that the first was right; only the door's pages see it."""
    seconds = int((until - clock.now()).total_seconds())
    _set(response, STEP, token, seconds, at=_door())


def forget_step(response: Response) -> None:
    """The second step is done."""
    response.delete_cookie(STEP, path=_door(), secure=request.is_secure, httponly=True)


def keep_choice(response: Response, name: str, value: str) -> None:
    """Remember how this browser's reader likes the pages."""
    _set(response, name, value, A_YEAR)


def _door() -> str:
    return f"{request.script_root}/sign-in"


def _set(response: Response, name: str, value: str, seconds: int, *, at: str | None = None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=at or path(),
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
