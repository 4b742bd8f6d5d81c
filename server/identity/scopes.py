"""What a department's key can open: the one readable table of scopes and their fields."""

from collections.abc import Iterable, Mapping, Sequence

from server.identity.errors import ScopeUnknown

SITE_CONTACTS = "sites.read-contacts"
DEPARTURES = "departures.report"
BED_RETURNS = "facilities.file-returns"
SMS_REPLIES = "facilities.hand-over-replies"
HEARTBEATS = "homecare.send-heartbeats"
ALARMS = "homecare.raise-alarms"

# Whatever a key is not given by name, it never receives. `id` is always part of an answer.
FIELDS_OF: Mapping[str, Sequence[str]] = {
    SITE_CONTACTS: (
        "name",
        "kind",
        "division_code",
        "address",
        "phone",
        "provider_name",
        "provider_uscc",
        "ownership_as_given",
        "x",
        "y",
        "source_name",
        "source_key",
    ),
    # What became of each report that was sent; nothing else of a resident is answered.
    DEPARTURES: ("outcome",),
    # What became of each return; for which facilities a key files is given to it one by one.
    BED_RETURNS: ("outcome",),
    # What became of each beat; of which providers' homes is given to the key one by one.
    HEARTBEATS: ("outcome",),
    # What became of each call for help, of the same homes as heartbeats.
    ALARMS: ("outcome",),
    # The sentence to send back to the number that wrote.
    SMS_REPLIES: ("reply",),
}


def check_scopes(scopes: Sequence[str], fields: Iterable[str]) -> None:
    """Raise `ScopeUnknown` unless the scopes exist and together hold all of the fields."""
    if not scopes or not set(scopes) <= FIELDS_OF.keys():
        raise ScopeUnknown()
    offered = {field for scope in scopes for field in FIELDS_OF[scope]}
    if not set(fields) or not set(fields) <= offered:
        raise ScopeUnknown()
