"""What is noted of the demo's residents can be read, and is what the forms would have let in."""

from infra.demo.faces import MOTHER
from infra.demo.facts import NOTED
from server import clock
from server.db.acts import acting
from server.db.sessions import transaction
from server.residents.facts import rules, service
from server.residents.facts.models import DisabilityCertificate, PayeeAccount
from server.residents.facts.queries import list_facts, read_facts_of
from tests.infra.demo.conftest import PLATFORM


def test_every_kind_is_noted_of_somebody(demo, ask):
    ids = [row.id for row in ask("SELECT id FROM resident ORDER BY id LIMIT :n", n=NOTED)]
    with acting(PLATFORM), transaction(writes=False) as session:
        facts = read_facts_of(session, ids, clock.today())

    assert all(one.hukou_kind and one.payee_account_id for one in facts.values())
    mother = facts[ids[MOTHER]]
    assert mother.disability_grade
    assert mother.guardianship_id
    assert mother.payee_relation == "child"
    assert {one.insurance_level for one in facts.values()} >= {None, 3}
    assert {one.has_hukou_within("1405") for one in facts.values()} == {True, False}


def test_numbers_are_readable_and_well_formed(demo, ask):
    [row] = ask("SELECT id FROM resident ORDER BY id OFFSET :n LIMIT 1", n=MOTHER)
    with acting(PLATFORM), transaction(writes=False) as session:
        [certificate] = list_facts(session, DisabilityCertificate, row.id)
        [account] = list_facts(session, PayeeAccount, row.id)
        number = service.certificate_number(certificate)
        _, category, grade = rules.read_certificate(number)

        assert (category, grade) == (certificate.category, certificate.grade)
        assert rules.read_account(service.account_number(account)).endswith(account.last_four)
