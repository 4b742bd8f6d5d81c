"""No table that speaks of a resident is forgotten when two become one."""

from sqlalchemy import text

from server.migrations.tables import metadata
from server.residents.merging.references import STAYING, list_moving

# A new table is named here, or in `STAYING` with why it stays.
MOVING = {
    ("care_visit", "resident_id"),
    ("visit_proof", "resident_id"),
    ("visit_correction", "resident_id"),
    ("visit_rating", "resident_id"),
    ("care_wish", "resident_id"),
    ("home_alarm", "resident_id"),
    ("call_back", "resident_id"),
    ("care_plan", "resident_id"),
    ("care_plan_item", "resident_id"),
    ("home_bed", "resident_id"),
    ("referral", "resident_id"),
    ("waiting_entry", "resident_id"),
    ("bed_offer", "resident_id"),
    ("viewing", "resident_id"),
    ("home_bed", "resident_id"),
    ("home_bed_move", "resident_id"),
    ("home_bed_notice", "resident_id"),
    ("home_bed_objection", "resident_id"),
    ("home_bed_agreement", "resident_id"),
    ("home_bed_build", "resident_id"),
    ("home_bed_acceptance", "resident_id"),
    ("renovation", "resident_id"),
    ("assessment", "resident_id"),
    ("booking", "resident_id"),
    ("care_insurance", "resident_id"),
    ("care_link", "resident_id"),
    ("departure", "resident_id"),
    ("disability_certificate", "resident_id"),
    ("file", "resident_id"),
    ("finding", "resident_id"),
    ("guardianship", "resident_id"),
    ("hardship_period", "resident_id"),
    ("hukou", "resident_id"),
    ("identity_document", "resident_id"),
    ("opening", "resident_id"),
    ("payee_account", "resident_id"),
    ("resident_contact", "resident_id"),
    ("resident_grant", "resident_id"),
    ("special_care_period", "resident_id"),
    ("stay", "resident_id"),
    ("care_entitlement", "resident_id"),
    ("care_allowance", "resident_id"),
    ("care_allowance_entry", "resident_id"),
    ("care_order", "resident_id"),
    ("care_order_check", "resident_id"),
    ("dietary_note", "resident_id"),
    ("standing_order", "resident_id"),
    ("meal_pause", "resident_id"),
    ("standing_refusal", "resident_id"),
    ("meal_waiting", "resident_id"),
    ("wallet", "resident_id"),
    ("wallet_entry", "resident_id"),
    ("wallet_request", "resident_id"),
    ("meal_card", "resident_id"),
    ("meal_rating", "resident_id"),
    ("meal_voice", "resident_id"),
    ("payment", "resident_id"),
    ("enrolment", "resident_id"),
}


def test_every_reference_to_a_resident_moves_or_says_why_not(session):
    of_the_models = {
        (table.name, key.parent.name)
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.target_fullname == "resident.id"
    }

    assert set(list_moving(session)) == MOVING
    assert of_the_models == MOVING | STAYING.keys()


def test_a_new_table_goes_along_unless_somebody_says_otherwise(session, as_platform):
    assert all(STAYING.values())
    assert not set(list_moving(session)) & STAYING.keys()


def test_nothing_new_is_written_about_somebody_who_was_merged(session):
    """A table that moves keeps merged residents out, or a meal's own statement does."""
    guarded = session.execute(
        text(
            "SELECT c.relname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgname = 'not_of_a_merged' AND t.tgenabled = 'O'"
            " AND c.relnamespace = CAST('city_1405' AS regnamespace)"
        )
    )

    assert set(guarded.scalars()) == {table for table, _ in MOVING} - {"booking", "care_link"}
