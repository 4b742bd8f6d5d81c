"""What caregivers are entitled to is reckoned each month, home by home."""

from scheduler.runs import Run
from server.caregivers.allowances.knowing import list_sites
from server.caregivers.allowances.reckoning import reckon_site
from server.db.sessions import transaction


def reckon_month(run: Run) -> int:
    """Reckon the last months of every home, each in a transaction of its own; harmless twice.

    Stopped in the middle it is begun again: homes that are done come out as they did.
    """
    with transaction(writes=False) as session:
        sites = list_sites(session)
    changed = 0
    for site_id in sites:
        with run.step() as session:
            changed += reckon_site(session, site_id)
    return changed
