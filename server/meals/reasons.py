"""Why a booking ended: codes, put into words by the faces. Whoever gave it up may say why."""

CANTEEN_CLOSED = "canteen-closed"
PAUSED = "paused"
IN_HOSPITAL = "in-hospital"
IN_CARE_HOME = "in-care-home"
STANDING_ENDED = "standing-ended"
DIED = "resident-died"
MOVED_AWAY = "resident-moved-away"
ACCOUNT_CLOSED = "account-closed"

# Whoever cancels by hand means it: such a day is not booked again by a standing order. These ended
# for a reason that may pass.
MAY_PASS = (CANTEEN_CLOSED, PAUSED, IN_HOSPITAL, IN_CARE_HOME, STANDING_ENDED, DIED, MOVED_AWAY)
NOT_HUNGRY = "not-hungry"
ILL = "ill"
AWAY = "away"
OTHER = "other"
# One tap says it; nobody must. What somebody at a window typed instead stands as it was typed.
GIVEN = (NOT_HUNGRY, ILL, AWAY, OTHER)
NOT_WISHED = (*MAY_PASS, ACCOUNT_CLOSED)
CODES = (*NOT_WISHED, *GIVEN)
