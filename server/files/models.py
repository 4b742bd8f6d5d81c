"""Files, and apart from them what is in them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, sealed

CONTENT_FIELD = "file_content.content"


class FileKind(StrEnum):
    PHOTO = "photo"  # 照片
    SCAN = "scan"  # 扫描件


class FilePurpose(StrEnum):
    """What a file was given for; it is used for nothing else."""

    RESIDENT_PHOTO = "resident_photo"  # 老年人照片
    SITE_PHOTO = "site_photo"  # 机构照片, public
    SITE_PAPER = "site_paper"  # 机构证照
    VISIT_PHOTO = "visit_photo"  # 上门服务照片
    DEVICE_PHOTO = "device_photo"  # 设备安装照片
    RENOVATION_PHOTO = "renovation_photo"  # 适老化改造照片
    STAFF_PHOTO = "staff_photo"  # 护理员照片
    DISH_PHOTO = "dish_photo"  # 菜品照片, public
    SAMPLE_PHOTO = "sample_photo"  # 留样照片
    DROP_PHOTO = "drop_photo"  # 送餐上门照片
    CAREGIVER_PAPER = "caregiver_paper"  # 护理员证书、学历扫描件
    SUBSIDY_PAPER = "subsidy_paper"  # 补贴申领材料


class File(Table, table=True):
    """A file that somebody gave: what it hashes to, and by which act it came and went.

    `sha256` is that of the kept bytes, `perceptual_hash` that of the picture: of two pictures
    alike, few bits differ. What was removed keeps this row, and loses its content.
    """

    __tablename__ = "file"
    __table_args__ = (
        CheckConstraint("length(sha256) = 32", name="sha256_is_whole"),
        CheckConstraint("byte_count > 0", name="is_not_empty"),
        CheckConstraint("removed_at >= uploaded_at", name="removed_after_upload"),
        CheckConstraint(
            "purpose <> 'resident_photo' OR resident_id IS NOT NULL", name="photo_is_of_somebody"
        ),
        CheckConstraint(
            "(purpose IN ('site_photo', 'site_paper', 'visit_photo', 'device_photo',"
            " 'staff_photo', 'dish_photo', 'sample_photo', 'drop_photo', 'caregiver_paper'))"
            " = (site_id IS NOT NULL)"
            " OR purpose = 'renovation_photo'",
            name="site_when_of_a_site",
        ),
        CheckConstraint(
            "(purpose = 'staff_photo') = (staff_id IS NOT NULL)", name="portrait_is_of_somebody"
        ),
        Index("ix_file_site_id", "site_id"),
        Index(
            "uq_file_one_photo",
            "resident_id",
            unique=True,
            postgresql_where=text("purpose = 'resident_photo' AND removed_at IS NULL"),
        ),
        Index(
            "uq_file_one_portrait",
            "staff_id",
            unique=True,
            postgresql_where=text("purpose = 'staff_photo' AND removed_at IS NULL"),
        ),
        Index("ix_file_sha256", "sha256"),
    )

    id: int | None = key()
    kind: FileKind = chosen_from(FileKind)
    purpose: FilePurpose = chosen_from(FilePurpose)
    resident_id: int | None = refers_to("resident.id", optional=True, index=True)
    site_id: int | None = refers_to("site.id", optional=True)
    staff_id: int | None = refers_to("staff.id", optional=True)
    media_type: str = Field(max_length=60)
    byte_count: int
    sha256: bytes = sealed()
    perceptual_hash: int | None = Field(default=None, sa_column=Column(BigInteger))
    uploaded_at: datetime = instant()
    uploaded_by_act_id: int = refers_to("act.id")
    removed_at: datetime | None = instant(optional=True)


class FileContent(Table, table=True):
    """What is in a file, sealed. It is written once, and deleted with the file."""

    __tablename__ = "file_content"

    file_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("file.id"), primary_key=True, autoincrement=False)
    )
    content_cipher: bytes = sealed()
