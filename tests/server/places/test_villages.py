"""A village is found by the words of an address, or not at all."""

import pytest

from server.places.rules import Said
from server.places.villages import VillageFinder

DIVISIONS = {
    "1405": "晋城市",
    "140502": "城区",
    "140502001": "东街街道",
    "140502001001": "建设路社区居委会",
    "140502001004": "东关社区居委会",
    "140525": "泽州县",
    "140525101": "下村镇",
    "140525101001": "东沟村委会",
    "140525101002": "李家庄村民委员会",
    "140525101003": "上李家庄村委会",
    "140525102": "大阳镇",
    "140525102001": "东沟村委会",
    "140581": "高平市",
    "140581100": "下村镇",
    "140581100001": "东沟村委会",
    "140581100002": "河西村委会",
}


@pytest.fixture(scope="module")
def finder():
    return VillageFinder(DIVISIONS)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("晋城市城区东街街道建设路社区 3 号楼", "140502001001"),
        ("建设路社区居委会", "140502001001"),
        ("东关社区", "140502001004"),
        ("泽州县大阳镇东沟村12号", "140525102001"),
        ("大阳镇东沟12号", "140525102001"),
        ("泽州县下村镇东沟村", "140525101001"),
        ("高平市下村镇东沟村委会", "140581100001"),
        ("李家庄村2号", "140525101002"),
        ("上李家庄村2号", "140525101003"),
        ("高平市河西村", "140581100002"),
    ],
)
def test_the_words_name_one_village(finder, address, code):
    assert finder.find(address).code == code


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("东沟村12号", Said.SEVERAL),
        ("下村镇东沟村", Said.SEVERAL),
        ("建设路 12 号", Said.NOTHING),
        ("大阳镇河西村", Said.NOTHING),
        ("泽州县河西村", Said.NOTHING),
        ("东沟", Said.NOTHING),
        ("", Said.NOTHING),
    ],
)
def test_nothing_is_guessed(finder, address, said):
    found = finder.find(address)

    assert (found.code, found.said) == (None, said)
