import pytest

from server.intake.encodings import REPLACEMENT, decode

WORDS = "城市,名称\n晋城,晨光养老院\n晋城,和顺老年公寓\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_file_reads_the_same_in_every_encoding_people_send(encoding):
    assert decode(WORDS.encode(encoding)) == WORDS


def test_rare_characters_and_emoji_survive_gb18030():
    words = WORDS + "晋城,𠮷祥👵颐养院\n"

    assert decode(words.encode("gb18030")) == words


def test_a_utf8_file_cut_inside_a_character_stays_utf8():
    text = decode(WORDS.encode()[:-2])

    assert text == WORDS[:-2] + REPLACEMENT


def test_a_gb18030_file_cut_inside_a_character_stays_gb18030():
    text = decode(WORDS.encode("gb18030")[:-2])

    assert text.startswith(WORDS[:-2])
