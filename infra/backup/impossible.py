"""Why a backup cannot be made or taken back."""


class BackupImpossible(Exception):
    """Nothing was kept of the attempt; the message is a sentence in the operator's language."""
