"""Made-up names of the generation that is old now. Whoever bears one bears it by chance."""

from collections.abc import Sequence
from random import Random

from server.people.papers import pinyin_of
from server.residents.models import Sex

# Each name stands once per share, so that a plain draw gives the common ones more often.
SURNAMES: Sequence[str] = (
    *("王李张" * 14),
    *("刘陈杨赵" * 8),
    *("郭孙马高宋梁" * 5),
    *("吴周徐胡朱何韩冯董程曹" * 3),
    *("许田贾武崔郝秦任魏薛杜苏常史侯段牛焦靳申原庞" * 2),
    *"黄林罗郑谢唐于袁邓傅沈彭吕卢蒋蔡丁叶余潘戴夏钟汪姜范方石姚谭邹金陆孔白康毛江顾邵孟万雷钱汤",
    *"尹黎易乔贺龚文逯昝郇",
    *("司马", "欧阳", "上官", "令狐"),
)
WOMEN = ("秀桂玉凤淑爱翠巧银素春改月兰香瑞雪连", "兰英梅珍芳莲花云菊霞芬琴娥仙平香荣清萍叶")
MEN = ("建福德志文永国金长贵保学忠庆天双润来", "国生林根民海山荣华义祥明富喜旺堂成元锁虎")
RARE = ("翀", "堃", "珺", "喆", "頔", "玥")


def make_name(chance: Random, sex: Sex) -> tuple[str, str]:
    """Return a surname and a given name; one in eight has a given name of one character."""
    draw = chance.random
    surname = SURNAMES[int(draw() * len(SURNAMES))]
    first, last = WOMEN if sex is Sex.FEMALE else MEN
    kind = draw()
    if kind < 0.004:
        return surname, RARE[int(draw() * len(RARE))]
    given = last[int(draw() * len(last))]
    if kind < 0.125:
        return surname, given
    return surname, first[int(draw() * len(first))] + given


def spelled(surname: str, given: str) -> tuple[str, str]:
    """Return pinyin and initials of the whole name; each part is looked up once a process."""
    surname_full, surname_initials = pinyin_of(surname)
    given_full, given_initials = pinyin_of(given)
    return surname_full + given_full, surname_initials + given_initials
