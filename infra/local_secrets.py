"""The secrets of a development machine: made once, kept in `var/secrets.env`, never overwritten.

In production nothing is made or read here: the secrets come from the environment alone.
"""

import base64
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

FILE_NAME = "secrets.env"
DEVELOPMENT_MARK = "development-"  # Production refuses to start with a secret that begins so.
HEADER = (
    "# Made for this machine by Yinling. Keep it with the data: without these keys the encrypted\n"
    "# columns are lost. Settings of the same name in the environment win.\n"
)


def _password() -> str:
    return secrets.token_urlsafe(24)


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


ROLE_PASSWORDS = {
    "postgres": "YINLING_PASSWORD_POSTGRES",
    "yinling_owner": "YINLING_PASSWORD_OWNER",
    "yinling_app": "YINLING_PASSWORD_APP",
    "yinling_sealer": "YINLING_PASSWORD_SEALER",
}

MAKERS: dict[str, Callable[[], str]] = {
    **dict.fromkeys(ROLE_PASSWORDS.values(), _password),
    "YINLING_SECRET_KEY": lambda: DEVELOPMENT_MARK + secrets.token_urlsafe(48),
    "YINLING_FIELD_KEYS": lambda: f"k1:{_key()}",
    "YINLING_INDEX_KEY": _key,
    "YINLING_CONTEXT_KEY": _key,
    "YINLING_PAYMENT_KEY": _key,
}


def environment_with_secrets(var: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment with the machine's own secrets below it: what the environment sets wins."""
    if environ.get("YINLING_ENV") == "production":
        return dict(environ)
    return {**development_secrets(var), **environ}


def role_passwords(environ: Mapping[str, str]) -> dict[str, str]:
    """The password of each database role, out of `environment_with_secrets`."""
    return {role: environ[name] for role, name in ROLE_PASSWORDS.items()}


def development_secrets(var: Path) -> dict[str, str]:
    """Every secret of this machine; those it does not have yet are made and written down."""
    var.mkdir(parents=True, exist_ok=True)
    path = var / FILE_NAME
    if not path.exists():
        _create(path)
    path.chmod(0o600)
    known = _read(path)
    missing = {name: make() for name, make in MAKERS.items() if name not in known}
    if missing:
        _append(path, missing)
    return known | missing


def _create(path: Path) -> None:
    """Put a complete file in place at once; if another process was faster, its file stays."""
    descriptor, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(HEADER + _lines({name: make() for name, make in MAKERS.items()}))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)


def _append(path: Path, missing: Mapping[str, str]) -> None:
    torn = not path.read_text(encoding="utf-8").endswith("\n")
    with path.open("a", encoding="utf-8") as file:
        file.write(("\n" if torn else "") + _lines(missing))


def _lines(values: Mapping[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _read(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of the file; blank lines and comments mean nothing."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}
