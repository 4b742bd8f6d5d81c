"""A city in one file: its data, what they are, and the keys that read them, under a passphrase."""

from infra.backup.archive import Archive, Manifest, opened
from infra.backup.impossible import BackupImpossible
from infra.backup.locked_keys import Keys
from infra.backup.progress import Progress
from infra.backup.restoring import Restored, check_place, restore, write_keys
from infra.backup.taking import back_up, check_there

__all__ = [
    "Archive",
    "BackupImpossible",
    "Keys",
    "Manifest",
    "Progress",
    "Restored",
    "back_up",
    "check_place",
    "check_there",
    "opened",
    "restore",
    "write_keys",
]
