"""What one release of the phone app consists of: its files, its one stylesheet, its version.

The app has no build step; the little there is to put together is put together here, once, at start.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mobile_api.phone_texts import first_texts, later_texts
from server.i18n.catalogues import LANGUAGES
from server.web.stylesheets import flattened

PHONE = Path(__file__).parent / "phone"
DESIGN = Path(__file__).parent.parent / "server" / "web" / "design"

RENDERED = {"index.html", "404.html", "sw.js"}
KEPT_ENDINGS = {".js", ".css", ".webmanifest"}
KEPT_OUT_OF_THE_SHELL = {"sw.js", "page.css"}
DESIGN_FOR_THE_PHONE = (
    "icons.svg",
    "brand.svg",
    "dishes/*.svg",
    "pictures/*.svg",
    "components/*/*.js",
)


@dataclass(frozen=True)
class KeptFile:
    """A file the phone keeps for when there is no network."""

    url: str
    digest: str


@dataclass(frozen=True)
class Release:
    """The files of the phone app as they were at start, addressed below `base`.

    `hotline` is the city's number, which stands in the page itself.
    """

    base: str
    hotline: str = ""

    @cached_property
    def stylesheet(self) -> str:
        """The design system's phone styles and the app's own, as one file."""
        own = [PHONE / "page.css", *sorted(PHONE.glob("features/*/*.css"))]
        return flattened(DESIGN / "phone.css") + "".join(path.read_text("utf-8") for path in own)

    @cached_property
    def modules(self) -> list[str]:
        """The addresses of all modules, for the page to ask for at once."""
        own = [f"{self.base}/{_below(path, PHONE)}" for path in _own_modules()]
        return own + [
            f"/design/{_below(path, DESIGN)}" for path in _design_files() if path.suffix == ".js"
        ]

    @cached_property
    def kept_files(self) -> list[KeptFile]:
        """Everything the phone keeps, each with the digest of its content."""
        own = [(f"{self.base}/{_below(path, PHONE)}", path.read_bytes()) for path in _own_files()]
        drawn = [(f"/design/{_below(path, DESIGN)}", path.read_bytes()) for path in _design_files()]
        made = [
            (f"{self.base}/", (PHONE / "index.html").read_bytes() + self.hotline.encode()),
            (f"{self.base}/style.css", self.stylesheet.encode()),
            *((f"{self.base}/catalogues/{name}", words) for name, words in _catalogues()),
        ]
        return [KeptFile(url, _digest(content)) for url, content in [*made, *own, *drawn]]

    @cached_property
    def version(self) -> str:
        """Changes when any kept file changes, and only then."""
        return _digest("".join(f"{file.url} {file.digest}\n" for file in self.kept_files).encode())


def _own_modules() -> list[Path]:
    return sorted(
        [
            PHONE / "app.js",
            PHONE / "routes.js",
            *PHONE.glob("lib/*.js"),
            *PHONE.glob("features/*/*.js"),
        ]
    )


def _own_files() -> list[Path]:
    plain = [path for path in PHONE.iterdir() if path.suffix in KEPT_ENDINGS]
    plain = [path for path in plain if path.name not in KEPT_OUT_OF_THE_SHELL]
    return sorted({*plain, *_own_modules(), *PHONE.glob("features/*/later/*.js")})


def _design_files() -> list[Path]:
    return sorted(path for pattern in DESIGN_FOR_THE_PHONE for path in DESIGN.glob(pattern))


def _below(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _catalogues() -> Iterator[tuple[str, bytes]]:
    for name in LANGUAGES:
        yield f"{name}.json", _words(first_texts(name))
        yield f"{name}.later.json", _words(later_texts(name))


def _words(texts: Mapping[str, str]) -> bytes:
    return repr(sorted(texts.items())).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
