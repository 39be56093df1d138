"""A chart's text has room, and stays text."""

import pytest

from callwright.schemas.charts import Sheet, cut, drawing, width_of


@pytest.mark.parametrize("text", ["short", "find_traveller_by_email" * 3, "巴黎" * 40, "x" * 10**6])
def test_a_name_is_cut_to_the_room_it_has(text):
    shown = cut(text, 11, 150)
    assert width_of(shown, 11) <= 150
    assert shown == text or "…" in shown


def test_chinese_stays_text_in_the_svg():
    with drawing():
        sheet = Sheet(20)
        sheet.text(0, 10, "查询 <机场> $1")
        svg = sheet.picture("a", "标题").svg
    assert "查询 &lt;机场&gt; $1" in svg
    assert "标题" in svg
