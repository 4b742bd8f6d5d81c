"""A meal of somebody that was handed out, as a test of the phone needs it."""

from tests.factories.eaten import Kitchen


def eaten(session, resident, **given):
    """Return the id of a meal of the month before last."""
    return Kitchen(session).eaten(resident, **given).id
