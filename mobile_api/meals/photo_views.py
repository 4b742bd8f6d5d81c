"""What dishes look like: for everybody, like the menu they stand on."""

from flask import Response
from sqlmodel import Session

from server.db.sessions import reading
from server.meals.photos import get_dish_photo
from server.web.access import open_to_all
from server.web.blueprints import StrictBlueprint
from server.web.pictures import PICTURE, public_picture

blueprint = StrictBlueprint(
    "dish_photos", __name__, url_prefix="/v1/dishes", description="What dishes look like."
)


@blueprint.get("/photos/<int:file_id>")
@open_to_all
@reading
@blueprint.response(200, **PICTURE)
@blueprint.doc(operationId="getDishPhoto")
def get_photo(*, file_id: int, session: Session) -> Response:
    """Show a photo of a dish"""
    photo = get_dish_photo(session, file_id)
    return public_picture(session, file_id, sha256=photo.sha256)
