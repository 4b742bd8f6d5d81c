"""The linter itself: it catches a bad page and lets a good one pass."""

import pytest

from tests.admin.page_lint import findings

GOOD = """<!doctype html>
<html lang="zh-CN"><head><title>登录 · 银龄</title></head>
<body><main id="main"><h1>登录</h1>
<form method="post" action="/in"><input type="hidden" name="csrf_token" value="x">
<label for="name">名</label><input id="name" name="name"><button type="submit">进</button></form>
<a href="/">回</a><img src="x.svg" alt="">
<table><caption>表</caption><thead><tr><th scope="col">列</th></tr></thead></table>
</main></body></html>"""


def test_a_good_page_passes():
    assert findings(GOOD) == []


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("<!doctype html>", "", "doctype"),
        (' lang="zh-CN"', "", "language"),
        ("<h1>登录</h1>", "", "0 <h1>"),
        ("<h1>登录</h1>", "<h1>登录</h1><h1>再</h1>", "2 <h1>"),
        ("<title>登录", "<title>别的", "does not begin"),
        ('id="main"', 'id="middle"', "skip link"),
        ('<a href="/">', '<a href="/" id="name">', "stands 2 times"),
        ('for="name"', 'for="nome"', "has no label"),
        ('for="name"', 'for="nome"', "points nowhere"),
        (' action="/in"', "", "without an action"),
        ('name="csrf_token"', 'name="token"', "csrf_token"),
        (">进<", "><", "no words"),
        (' href="/"', "", "leads nowhere"),
        (' alt=""', "", "no alt"),
        ("<caption>表</caption>", "", "caption"),
        (' scope="col"', "", "scope"),
        ("<h1>登录</h1>", '<h1 style="color:red">登录</h1>', "styled"),
        ("<a href", "<a onclick='x()' href", "onclick"),
        ("</form>", "", "closes"),
        ("<main", "<script>x()</script><main", "scripted"),
    ],
)
def test_a_bad_page_is_caught(was, becomes, said):
    assert was in GOOD

    found = findings(GOOD.replace(was, becomes, 1))

    assert any(said in finding for finding in found), found


def test_a_part_of_a_page_needs_no_heading():
    assert findings("<p>今天</p>", is_part=True) == []
    assert findings("<p id='a'></p><p id='a'></p>", is_part=True)
