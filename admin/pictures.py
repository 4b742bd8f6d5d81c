"""Pictures that are sent to the console by its forms."""

from flask import request

from server.files.errors import ImageUnusable

# As large as a phone's picture; what is kept of it is smaller (`server.files.images`).
LARGEST_PICTURE = 12 * 1024 * 1024
LARGE_FORMS = {
    "residents_photo.put_photo",
    "site_photos.put_photo",
    "site_details.put_scan",
    "bed_devices.put_up",
    "bed_devices.show_it",
    "renovation_survey.put_picture",
    "renovation_survey.put_picture_after",
    "care_workers.put_portrait",
    "caregiver_steps.put_scan",
    "caregiver_contracts.put_contract_scan",
    "kitchen_dishes.put_photo",
    "kitchen_samples.put_photo",
    "subsidy_claim.put_paper",
}


def let_pictures_in() -> None:
    """Let the forms that take a picture, and no others, be as large as one."""
    if request.endpoint in LARGE_FORMS:
        request.max_content_length = LARGEST_PICTURE


def sent_picture(name: str = "photo") -> bytes:
    """Return what was sent as the one file of the form; raises `ImageUnusable` without it."""
    sent = request.files.get(name)
    if sent is None or set(request.files) != {name}:
        raise ImageUnusable()
    return sent.read()
