"""Photos of dishes, for everybody; of samples, for the kitchen; and of what stands at a door.

A dish is shown by its last photo. A sample and a delivery have one, which shows how it was.
"""

from sqlalchemy import Row, select
from sqlmodel import Session, col

from server.errors import NotFound
from server.files.errors import PhotoThere
from server.files.images import PORTRAIT_SIDE, Picture, read_picture
from server.files.models import File, FilePurpose
from server.files.service import keep_picture, remove_file
from server.meals.deliveries.models import DropState, MealDrop
from server.meals.kitchen.dishes import get_dish
from server.meals.kitchen.menus import raise_version
from server.meals.kitchen.models import FoodSample
from server.meals.models import Booking, Dish

# A row of a list on a phone: what is larger costs the elder's data volume and shows no more.
DISH_SIDE = PORTRAIT_SIDE


def put_dish_photo(session: Session, canteen_id: int, dish_id: int, content: bytes) -> File:
    """Show a dish by this picture from now on; the one before is deleted.

    Raises `NotFound`, `ImageUnusable`.
    """
    dish = get_dish(session, canteen_id, dish_id)
    picture = read_picture(content, longest_side=DISH_SIDE)
    before, purpose = dish.photo_file_id, FilePurpose.DISH_PHOTO
    dish.photo_file_id = keep_picture(session, picture, purpose=purpose, site_id=canteen_id).id
    _show_anew(session, canteen_id, before)
    file = session.get(File, dish.photo_file_id)
    assert file is not None, "a kept picture has its file"
    return file


def remove_dish_photo(session: Session, canteen_id: int, dish_id: int) -> None:
    """Show a dish by its drawing again. Removing twice is harmless; raises `NotFound`."""
    dish = get_dish(session, canteen_id, dish_id)
    before, dish.photo_file_id = dish.photo_file_id, None
    _show_anew(session, canteen_id, before)


def get_dish_photo(session: Session, file_id: int) -> Row[tuple[str, bytes]]:
    """Return (media_type, sha256) of a photo by which a dish is shown now; raises `NotFound`."""
    row = session.execute(
        select(col(File.media_type), col(File.sha256))
        .join(Dish, col(Dish.photo_file_id) == col(File.id))
        .where(
            col(File.id) == file_id,
            col(File.purpose) == FilePurpose.DISH_PHOTO,
            col(File.removed_at).is_(None),
        )
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def put_sample_photo(session: Session, canteen_id: int, sample_id: int, content: bytes) -> None:
    """Keep the picture of a sample; the same again is as good as once.

    Raises `NotFound`, `ImageUnusable`, `PhotoThere`.
    """
    query = select(FoodSample).where(col(FoodSample.id) == sample_id).with_for_update()
    sample: FoodSample | None = session.execute(query).scalar_one_or_none()
    if sample is None or sample.canteen_id != canteen_id:
        raise NotFound()
    picture = read_picture(content)
    if not _is_kept(session, sample.photo_file_id, picture):
        purpose = FilePurpose.SAMPLE_PHOTO
        sample.photo_file_id = keep_picture(
            session, picture, purpose=purpose, site_id=canteen_id
        ).id
        session.flush()


def keep_door_photo(session: Session, drop_id: int, content: bytes) -> None:
    """Keep what a carrier photographed at a door, after having said what became of the meal.

    Raises `NotFound`, also while nothing was said, `ImageUnusable`, `PhotoThere`.
    """
    query = select(MealDrop).where(col(MealDrop.id) == drop_id).with_for_update()
    drop: MealDrop | None = session.execute(query).scalar_one_or_none()
    if drop is None or drop.state is DropState.WAITING:
        raise NotFound()
    picture = read_picture(content)
    if not _is_kept(session, drop.photo_file_id, picture):
        booking = session.get_one(Booking, drop.booking_id)
        file = keep_picture(
            session,
            picture,
            purpose=FilePurpose.DROP_PHOTO,
            resident_id=booking.resident_id,
            site_id=booking.canteen_id,
        )
        drop.photo_file_id = file.id
        session.flush()


def _is_kept(session: Session, file_id: int | None, picture: Picture) -> bool:
    if file_id is None:
        return False
    if bytes(session.get_one(File, file_id).sha256) != picture.sha256:
        raise PhotoThere()
    return True


def _show_anew(session: Session, canteen_id: int, before: int | None) -> None:
    """Phones keep a menu by its version."""
    session.flush()
    if before is not None:
        remove_file(session, before)
    raise_version(session, canteen_id)
