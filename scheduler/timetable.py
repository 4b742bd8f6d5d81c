"""The one table of what happens by itself. Times are the city's; every job is a sweep."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from apscheduler.triggers.cron import CronTrigger

from scheduler import (
    allowances,
    counter,
    facilities,
    homecare,
    kitchens,
    meals,
    payments,
    reminders,
    sealing,
    subsidies,
    subsidy_checks,
    sweeps,
    training,
)
from scheduler.runs import Entry
from server.clock import CITY
from server.i18n.catalogues import marked


def at(**fields: Any) -> CronTrigger:
    """Return when the fields of the city's wall clock match; weekdays by name (0 is Monday)."""
    return CronTrigger(timezone=CITY, **fields)


A_WEEK = timedelta(days=7)

TIMETABLE: Sequence[Entry] = (
    Entry(
        "forget_what_ran_out",
        at(minute=20),
        marked(
            "Codes, counters, kept answers and old messages' words are held no longer than needed."
        ),
        sweeps.forget_what_ran_out,
    ),
    Entry(
        "offer_beds",
        at(minute="*/5"),
        marked("Holds, referrals and offers not taken up lapse; free beds go to who waits first."),
        facilities.offer_beds,
    ),
    Entry(
        "retention",
        at(hour=3, minute=40),
        marked("Sign-ins, openings, calls by key and numbers of closed accounts end in time."),
        sweeps.retention,
    ),
    Entry(
        "seal_trail",
        at(second="0,30"),
        marked("Every change is bound to all before it, and the head is written down outside."),
        sealing.seal_trail,
        is_recorded=False,
    ),
    Entry(
        "chase_returns",
        at(hour="6-23", minute="*/10"),
        marked(
            "Homes that have not filed today's bed return are reminded, and told when it is late."
        ),
        facilities.chase_returns,
    ),
    Entry(
        "compare_returns",
        at(hour=1, minute=40),
        marked("What homes filed is held beside what their records count by now."),
        facilities.compare_returns,
    ),
    Entry(
        "check_staffing",
        at(hour=6, minute=50),
        marked("Homes with fewer caregivers this week than their people need are found."),
        facilities.check_staffing,
    ),
    Entry(
        "end_home_beds",
        at(hour=2, minute=20),
        marked("Beds at home end when their agreement is over, or when nobody serves them."),
        homecare.end_home_beds,
    ),
    Entry(
        "plan_visits",
        at(hour="2,14", minute=10),
        marked("Visits at home are made for the coming two weeks from plans that were agreed to."),
        homecare.plan_visits,
    ),
    Entry(
        "note_missed_visits",
        at(hour=0, minute=30),
        marked("Visits of yesterday to which nobody came are noted as missed."),
        homecare.note_missed,
    ),
    Entry(
        "check_visits",
        at(hour=2, minute=20),
        marked("Visits at homes are held against every check; what does not fit is found."),
        homecare.check_visits,
    ),
    Entry(
        "issue_vouchers",
        at(hour=0, minute=5),
        marked("Vouchers and bought service of the month are issued to whoever is entitled."),
        homecare.issue_vouchers,
    ),
    Entry(
        "settle_orders",
        at(hour=0, minute=50),
        marked("Orders at home are redeemed where a visit proves them, or lapse after their day."),
        homecare.settle_orders,
    ),
    Entry(
        "report_anchor",
        at(hour=7, minute=10),
        marked("Where the trail stands is said in the log, which is kept elsewhere."),
        sealing.report_anchor,
    ),
    Entry(
        "call_for_help",
        at(second="*/5"),
        marked("Who is next in the order is called, while nobody has a call for help in hand."),
        homecare.call_for_help,
        is_recorded=False,
    ),
    Entry(
        "find_silent_devices",
        at(minute=35),
        marked("Devices in homes that are not heard are found, and let go when they are."),
        homecare.find_silent,
    ),
    Entry(
        "tell_home_bed_mornings",
        at(hour=8, minute=30),
        marked("Counties are told what waits for them of beds at home; days that passed, once."),
        homecare.tell_morning,
    ),
    Entry(
        "make_sittings",
        at(hour=1, minute=10),
        marked("Sittings of the coming three weeks are made from what canteens say they serve."),
        kitchens.make_ahead,
    ),
    Entry(
        "run_kitchens",
        at(minute="*/5"),
        marked("Menus are published at their time, and sheets frozen when booking has closed."),
        kitchens.run_kitchens,
    ),
    Entry(
        "chase_samples",
        at(hour="14-20", minute=15),
        marked("Canteens are told once a day which food samples are missing."),
        kitchens.chase,
    ),
    Entry(
        "book_standing",
        at(hour="1,7,13,19", minute=25),
        marked("Standing orders are booked for the coming days; what could not be is tried again."),
        meals.book_standing,
    ),
    Entry(
        "offer_places",
        at(second=10),
        marked("Places that came free are offered to who waits; offers not taken go to the next."),
        meals.offer_places,
        is_recorded=False,
    ),
    Entry(
        "note_missed_meals",
        at(hour=3, minute=10),
        marked("Meals of yesterday that nobody came for are noted as missed."),
        meals.note_missed_meals,
    ),
    Entry(
        "renew_meal_keys",
        at(minute="*/10"),
        marked("The key that signs meal codes is made where there is none, and anew each quarter."),
        counter.renew_meal_keys,
        is_recorded=False,
    ),
    Entry(
        "close_lists",
        at(hour=0, minute=50),
        marked("Sign-in lists of courses stand after some days, and their minutes count."),
        training.close_lists,
    ),
    Entry(
        "tell_of_classes",
        at(hour=16, minute=40),
        marked("Trainees hear in the afternoon of the classes of the next day."),
        training.tell_of_classes,
    ),
    Entry(
        "check_classes",
        at(hour=4, minute=50),
        marked("Class hours are held against shifts and visits of the same hours."),
        training.check_classes,
    ),
    Entry(
        "look_for_differences",
        at(hour=3, minute=40),
        marked("Subsidies of three years are held against registers and policies of today."),
        subsidies.look_for_differences,
    ),
    Entry(
        "check_subsidies",
        at(hour=5, minute=20),
        marked("Subsidies of the last year are held against what the other records say by now."),
        subsidy_checks.check_subsidies,
    ),
    Entry(
        "check_meals",
        at(hour=2, minute=10),
        marked("Meals handed out on the last days are held against what can be true."),
        homecare.check_meals,
    ),
    Entry(
        "tell_of_canteens",
        at(day_of_week="mon", hour=8, minute=30),
        marked("Counties are told once a week of canteens that stand still and of late money."),
        meals.tell_of_canteens,
    ),
    Entry(
        "follow_payments",
        at(second="15,45"),
        marked("Payments nothing was heard of are asked about, and refunds are sent."),
        payments.follow_payments,
        is_recorded=False,
    ),
    Entry(
        "compare_payments",
        at(hour=10, minute=20),
        marked("Each day's payments are held beside the statement of the provider."),
        payments.compare_payments,
    ),
    Entry(
        "reckon_month",
        at(day=2, hour=4, minute=20),
        marked("What caregivers are entitled to is reckoned for the months that are over."),
        allowances.reckon_month,
    ),
    Entry(
        "go_on_with_runs",
        at(second="10,25,40,55"),
        marked("Subsidy runs that are not computed yet are gone on with, slice by slice."),
        subsidies.go_on_with_runs,
        is_recorded=False,
    ),
    Entry(
        "remind_caregivers",
        at(hour=7, minute=5),
        marked("Caregivers, their sites and counties are reminded of what falls on the day, once."),
        reminders.remind,
        late_after=timedelta(minutes=30),
        made_up=A_WEEK,
    ),
    Entry(
        "remind_of_papers",
        at(hour=7, minute=15),
        marked("Sites and counties are told of licences, permits and policies that end."),
        reminders.remind_of_papers,
        made_up=A_WEEK,
    ),
    Entry(
        "remind_of_assessments",
        at(hour=7, minute=20),
        marked("Communities and counties are told how many assessments end."),
        reminders.remind_of_assessments,
        made_up=A_WEEK,
    ),
    Entry(
        "tell_of_tomorrow",
        at(hour=17, minute=30),
        marked("Elders and care workers hear in the evening of tomorrow's visits."),
        reminders.tell_tomorrow,
    ),
    Entry(
        "approve_runs",
        at(second="*/5"),
        marked("Runs whose last word was said are approved slice by slice, until all are through."),
        subsidies.approve_runs,
        is_recorded=False,
    ),
    Entry(
        "end_notices",
        at(hour=0, minute=15),
        marked("Subsidies whose notice is over, and every objection answered, may be paid."),
        subsidies.end_notices,
    ),
    Entry(
        "tell_of_claims",
        at(hour=9, minute=5),
        marked("Whoever began a claim and has not handed it in hears that its window closes."),
        subsidies.tell_of_claims,
    ),
    Entry(
        "chase_backups",
        at(hour=9, minute=30),
        marked("Administrators are told when the last backup is too old."),
        reminders.chase_backups,
    ),
)
