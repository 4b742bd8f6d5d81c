"""Whatever is kept of somebody is in their copy, or named as left out with why."""

from server.db.tables import table_of
from server.i18n.catalogues import LANGUAGES, catalogue
from server.migrations.tables import metadata
from server.own_data.parts import LEFT_OUT, PARTS

WHOSE = {
    "resident_id", "account_id", "for_resident_id", "assessment_id", "stay_id",
    "caregiver_id", "employment_id", "enrolment_id",
}  # fmt: skip
OF_THEMSELVES = {"resident", "account"}
# Their `subject` is a stay.
OF_A_STAY = {"ledger_account"}
# They name whom they pay, or what is taken back from whom, by kind and number.
OF_A_PAYEE = {"subsidy_payment", "subsidy_recovery"}
# They name a claim, a payment or a recovery, and those whose it is.
BELOW_MONEY = {
    "subsidy_claim_look", "subsidy_claim_paper", "subsidy_payment_line", "subsidy_recovery_entry",
    "subsidy_recovery_decision",
}  # fmt: skip


OF_A_CAREGIVER = (
    "caregiver", "caregiver_education", "employment", "employment_contract", "skill_certificate",
    "attendance_day", "attendance_month", "continuing_education", "caregiver_breach", "enrolment",
    "course_attendance", "exam_result", "completion_certificate", "training_subsidy",
    "contest_entrant", "caregiver_entitlement", "allowance_claim", "allowance_claim_line",
    "reminder", "caregiver_opening", "caregiver_proof", "employment_takeover",
)  # fmt: skip
# These two are shown of a caregiver, and the number alone of a resident.
NOT_KEPT = {("resident", "payee_account"), ("act", "payee_account")} | {
    (table, column) for table in OF_A_CAREGIVER[1:] for column in ("id_number", "payee_account")
}


def personal_tables():
    return (
        {name for name, table in metadata.tables.items() if WHOSE & set(table.c.keys())}
        | OF_THEMSELVES
        | OF_A_STAY
        | OF_A_PAYEE
        | BELOW_MONEY
    )


def test_every_personal_table_is_in_the_copy_or_left_out_with_why():
    in_it = {table_of(part.table).name for part in PARTS}

    assert in_it | set(LEFT_OUT) == personal_tables()
    assert in_it & set(LEFT_OUT) == set()


def test_a_part_is_found_by_columns_that_it_has():
    for part in PARTS:
        within = part.within[0] if part.within else None
        named = {part.of_resident, part.of_account, part.of_stay, part.of_caregiver, within}
        if part.of_payee:
            named |= {"payee_kind", "payee_id"}
        if part.of_lines is not None:
            named |= {"run_id", "number"}
        named -= {None}
        assert named
        assert named <= set(table_of(part.table).c.keys())


def test_every_part_and_column_has_a_word():
    for language in LANGUAGES:
        words = catalogue(language, "console")
        for name in [table_of(part.table).name for part in PARTS] + list(LEFT_OUT):
            assert f"trail_table\x04{name}" in words, (language, name)
        missing = [
            f"{table}.{column}"
            for table in ("act", "resident", *OF_A_CAREGIVER)
            for column in [*metadata.tables[table].c.keys(), "id_number", "payee_account"]
            if (table, column) not in NOT_KEPT
            if not column.endswith(("_cipher", "_digest"))
            and not {f"trail_column\x04{table}.{column}", f"trail_column\x04{column}"}
            & words.keys()
        ]
        assert missing in ([], ["act.id_number"])
