"""What moves by itself on the way to a bed: lapses, and the next offers."""

from scheduler.runs import Run
from server.facilities.referrals.answering import lapse_referrals
from server.facilities.waiting.offering import lapse_offers, make_offers


def offer_beds(run: Run) -> int:
    """Close what was not answered in time, then offer what is free; harmless twice."""
    done = 0
    for step in (lapse_referrals, lapse_offers, make_offers):
        with run.step() as session:
            done += step(session)
    return done
