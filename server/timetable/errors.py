"""How the record of timed work refuses."""


class RunTakenOver(RuntimeError):
    """This run was silent for so long that another runner has it now: do nothing more."""
