"""What was carried from elsewhere is what its authors published."""

import hashlib
import re

from server.web.vendored import VENDOR

NOTED = re.compile(r"^\| `(?P<file>[^`]+)` \| `(?P<digest>[0-9a-f]{64})` \|$", re.MULTILINE)


def noted():
    return {
        one["file"]: one["digest"] for one in NOTED.finditer((VENDOR / "README.md").read_text())
    }


def test_every_file_is_unchanged():
    digests = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in noted()}

    assert digests == noted()


def test_every_script_and_style_is_noted_and_every_library_has_its_licence():
    files = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*.*s") if path.is_file()}

    assert files == noted().keys()
    assert all((VENDOR / name.split("/")[0] / "LICENSE").exists() for name in noted())
