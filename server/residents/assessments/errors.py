"""How assessments refuse."""

from server.errors import DomainError, Kind


class AssessmentUnderWay(DomainError):
    """The resident has an assessment that is neither confirmed nor withdrawn."""

    code = "assessment-under-way"
    kind = Kind.CONFLICT


class ReassessmentUnexplained(DomainError):
    """The last assessment is less than `days` days ago, and nobody says why there is another."""

    code = "reassessment-unexplained"
    kind = Kind.INVALID


class AssessmentDayUnusable(DomainError):
    """The day lies ahead, or before the assessment that holds now."""

    code = "assessment-day-unusable"
    kind = Kind.INVALID


class AnswersMissing(DomainError):
    """`missing` of the items have no answer yet."""

    code = "answers-missing"
    kind = Kind.CONFLICT


class ComaContradicted(DomainError):
    """A coma is ticked, and the level of consciousness says otherwise."""

    code = "coma-contradicted"
    kind = Kind.CONFLICT


class DiagnosisUnusable(DomainError):
    """What was typed is not a list of ICD-10 codes."""

    code = "diagnosis-unusable"
    kind = Kind.INVALID


class NotTheAssessor(DomainError):
    """Only the one who assesses fills in, hands in and takes back."""

    code = "not-the-assessor"
    kind = Kind.FORBIDDEN


class OwnAssessment(DomainError):
    """Whoever assessed does not review it."""

    code = "own-assessment"
    kind = Kind.CONFLICT


class AssessmentNotOpen(DomainError):
    """The assessment is not in the state in which this can be done; somebody was faster."""

    code = "assessment-not-open"
    kind = Kind.CONFLICT


class AssessmentOutdated(DomainError):
    """The assessment is so old that its result would hold for no day; it has to be made anew."""

    code = "assessment-outdated"
    kind = Kind.CONFLICT


class AnswersUnusable(DomainError):
    """An answer belongs to no item of the scale, or is worth points that the item does not have."""

    code = "answers-unusable"
    kind = Kind.INVALID


class NobodyToAssess(DomainError):
    """The register says that this resident has died or moved away."""

    code = "nobody-to-assess"
    kind = Kind.CONFLICT
