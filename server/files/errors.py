"""How files are refused."""

from server.errors import DomainError, Kind


class ImageUnusable(DomainError):
    """Not a JPEG, PNG or WebP picture that can be read whole, or one of too many points."""

    code = "image-unusable"
    kind = Kind.INVALID


class PhotoJustReplaced(DomainError):
    """Somebody put another photo of this resident in place in the same moment."""

    code = "photo-just-replaced"
    kind = Kind.CONFLICT
