"""What a year of reminders must be, written from the ladders' own words and nothing of the code."""

from calendar import monthrange
from datetime import date, timedelta

from infra.simulation.people import FIRST_ID, YEAR
from server.places.workdays import is_workday

DAY = timedelta(days=1)
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
NEEDED_HOURS, NEEDED_DAYS = 12, 20
REWARD_PAPERS = ("degree", "long contract", "payee")
# Said to whoever has left too: an instalment that was full is theirs.
HOLDS_BY_ITSELF = ("contract", "instalment")


def expected_reminders(town):
    """(kind, subject, rung, due_on, recipient) of every caregiver and site."""
    told = {one for worker in town.workers for one in of_worker(worker)}
    told = {one for one in told if FIRST <= one[3] <= LAST}
    sites = {worker.number: FIRST_ID + worker.site for worker in town.workers}
    digests = {
        ("site_digest", str(due_on), 0, due_on, f"site:{sites[int(recipient.split(':')[1])]}")
        for _, _, _, due_on, recipient in told
    }
    return told | digests


def of_worker(worker):
    recipient = f"caregiver:{worker.number}"
    for kind, subject, rungs in (
        *certificates(worker), *contracts(worker), *instalments(worker), *windows(worker),
        *education(worker), *attendance(worker),
    ):  # fmt: skip
        told = {}
        for rung, due_on, holds in rungs:
            if holds(due_on) and (kind in HOLDS_BY_ITSELF or works(worker, due_on)):
                told[due_on] = max(rung, told.get(due_on, -999))
        for due_on, rung in told.items():
            yield kind, subject, rung, due_on, recipient


def works(worker, day):
    there = worker.hired_on <= day and (worker.left_on is None or day < worker.left_on)
    return there and worker.is_front_line


def before(day):
    while not is_workday(day):
        day -= DAY
    return day


def after(day):
    while not is_workday(day):
        day += DAY
    return day


def good(certificate, day):
    return certificate.starts_on <= day and (
        certificate.ends_on is None or day <= certificate.ends_on
    )


def certificates(worker):
    for one in worker.certificates:
        if one.ends_on is None:
            continue

        def holds(day, one=one):
            better = (
                other
                for other in worker.certificates
                if other is not one and other.level <= one.level and other.starts_on <= day
                and (other.ends_on is None or other.ends_on > one.ends_on)
            )  # fmt: skip
            return one.starts_on <= day and not any(better)

        rungs = [(-d, before(one.ends_on - d * DAY), holds) for d in (90, 60, 30, 7)]
        rungs.append((1, after(one.ends_on + DAY), holds))
        yield "certificate", f"certificate:{one.number}:{one.ends_on}", rungs


def contracts(worker):
    for one in worker.contracts:
        if one.ends_on is None:
            continue

        def holds(day, one=one):
            goes_on = any(
                other.starts_on <= one.ends_on
                and (other.ends_on is None or other.ends_on > one.ends_on)
                for other in worker.contracts
            )
            stays = worker.left_on is None or worker.left_on > one.ends_on
            return worker.hired_on <= day and one.starts_on <= day and stays and not goes_on

        rungs = [(-d, before(one.ends_on - d * DAY), holds) for d in (60, 30, 7)]
        yield "contract", f"contract:{one.number}:{one.ends_on}", rungs


def is_rewarded(worker):
    return worker.hired_on >= date(2023, 7, 1) and not worker.on_establishment


def years_on(day, years):
    return months_on(day, 12 * years)


def contracted(worker, day, years):
    return any(
        one.starts_on <= day
        and (one.ends_on is None or day < one.ends_on >= years_on(one.starts_on, years))
        for one in worker.contracts
    )


def lacks(worker, day, papers):
    held = [one for one in worker.certificates if good(one, day)]
    best = min(held, key=lambda one: (one.level, one.number), default=None)
    there = {
        "degree": worker.recognised_on is not None and worker.recognised_on <= day,
        "long contract": contracted(worker, day, 3),
        "contract": contracted(worker, day, 0),
        "payee": worker.has_payee,
        "certificate": best is not None,
        "proof": best is None or best.is_proved,
    }
    return any(not there[paper] for paper in papers)


def anniversaries(worker):
    """(number, day) of every instalment whose years are worked whole."""
    days = [(number, years_on(worker.hired_on, number)) for number in (1, 2, 3)]
    return [
        (number, day)
        for number, day in days
        if worker.is_front_line and (worker.left_on is None or day <= worker.left_on)
    ]


def instalments(worker):
    if not is_rewarded(worker):
        return
    for number, day in anniversaries(worker):
        subject = f"instalment:{number}:{day}"
        always = lambda _: True  # noqa: E731
        rungs = [(-30, before(day - 30 * DAY)), (0, after(day)), (30, after(day + 30 * DAY))]
        yield "instalment", subject, [(*rung, always) for rung in rungs]
        missing = lambda on: lacks(worker, on, REWARD_PAPERS)  # noqa: E731
        yield "papers", subject, [(-30, before(day - 30 * DAY), missing)]


def windows(worker):
    for programme, opens, closes in (
        ("entry_reward", date(YEAR, 7, 1), date(YEAR, 7, 31)),
        ("post_allowance", date(YEAR, 1, 1), date(YEAR, 1, 31)),
        ("post_allowance", date(YEAR, 7, 1), date(YEAR, 7, 31)),
        ("post_allowance", date(YEAR + 1, 1, 1), date(YEAR + 1, 1, 31)),
    ):
        closes = after(closes)
        if programme == "entry_reward":
            papers = REWARD_PAPERS

            def may(on, closes=closes):
                return is_rewarded(worker) and any(
                    day <= closes and (years_on(closes, -1) < day or is_whole(worker, day, on))
                    for _, day in anniversaries(worker)
                )
        else:
            papers = ("certificate", "proof", "contract", "payee")
            full = months_on(worker.hired_on, 3)
            lasts = worker.left_on is None or full <= worker.left_on

            def may(_, full=full, lasts=lasts, closes=closes):
                return lasts and full <= closes.replace(day=1)

        def has_what_counts(day, programme=programme, may=may):
            is_there = programme == "entry_reward" or not lacks(worker, day, ("certificate",))
            return is_there and may(day)

        def misses(day, papers=papers, may=may):
            return may(day) and lacks(worker, day, papers)

        subject = f"window:{programme}:{closes}"
        yield "window_opens", subject, [(0, after(opens), has_what_counts)]
        closing = [(-d, before(closes - d * DAY), has_what_counts) for d in (14, 7, 3, 1)]
        yield "window_closes", subject, closing
        yield "papers", subject, [(-d, before(closes - d * DAY), misses) for d in (14, 3)]


def months_on(day, months):
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    last = monthrange(year, month)[1]
    # Months from the 31st are full on the evening of a shorter month's last day: the day after.
    return date(year, month, min(day.day, last)) + (day.day > last) * DAY


def is_whole(worker, day, on):
    """True for an instalment that was full on a day before and lacks nothing of its own day."""
    then = day - DAY
    has_degree = worker.recognised_on is not None
    return day <= on and has_degree and worker.has_payee and contracted(worker, then, 3)


def education(worker):
    end = date(YEAR, 12, 31)

    def is_short(day):
        since = [minutes for on, minutes in worker.learned if date(YEAR, 1, 1) <= on <= day]
        return worker.hired_on <= date(YEAR, 1, 1) and sum(since) < NEEDED_HOURS * 60

    days = (date(YEAR, month, 1) for month in (10, 11, 12))
    rungs = [((day - end).days, after(day), is_short) for day in days]
    yield "education", f"education:{YEAR}", rungs


def attendance(worker):
    if not worker.counts_punches:
        return
    for month in range(1, 13):
        first, end = date(YEAR, month, 1), date(YEAR, month, monthrange(YEAR, month)[1])

        def is_behind(day, first=first, end=end):
            been = sum(first <= on < day for on in worker.at_work)
            left = [day + number * DAY for number in range((end - day).days + 1)]
            return been + sum(map(is_workday, left)) < NEEDED_DAYS

        day = date(YEAR, month, 16)
        yield "attendance", f"attendance:{first:%Y-%m}", [((day - end).days, after(day), is_behind)]
