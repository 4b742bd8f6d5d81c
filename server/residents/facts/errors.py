"""How a fact of a person is refused."""

from server.errors import DomainError, Kind


class FactOverlaps(DomainError):
    """Another fact of this kind holds on some of these days."""

    code = "fact-overlaps"
    kind = Kind.CONFLICT


class CertificateNumberUnusable(DomainError):
    """Not the number of a disability certificate, as 残联发〔2017〕34号 has it."""

    code = "certificate-number-unusable"
    kind = Kind.INVALID


class CertificateDisagrees(DomainError):
    """Category or grade are not those of the certificate's number."""

    code = "certificate-disagrees"
    kind = Kind.INVALID


class CertificateOfAnother(DomainError):
    """The certificate's number holds another ID number than the resident's."""

    code = "certificate-of-another"
    kind = Kind.INVALID


class CertificateIncomplete(DomainError):
    """Without a number, category and grade must be said."""

    code = "certificate-incomplete"
    kind = Kind.INVALID


class AccountNumberUnusable(DomainError):
    """An account number has 8 to 30 digits."""

    code = "account-number-unusable"
    kind = Kind.INVALID


class HukouNowhere(DomainError):
    """A hukou is in a division of this city, or at a place elsewhere: one of the two is said."""

    code = "hukou-nowhere"
    kind = Kind.INVALID
