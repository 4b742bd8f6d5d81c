"""How files are refused."""

from server.errors import DomainError, Kind


class ImageUnusable(DomainError):
    """Not a JPEG, PNG or WebP picture that can be read whole, or one of too many points."""

    code = "image-unusable"
    kind = Kind.INVALID


class PhotoThere(DomainError):
    """Another photo of the same was kept before; what shows how it was is not put in its place."""

    code = "photo-there"
    kind = Kind.CONFLICT


class PhotoJustReplaced(DomainError):
    """Somebody put another photo of this resident in place in the same moment."""

    code = "photo-just-replaced"
    kind = Kind.CONFLICT
