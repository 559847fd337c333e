"""What the templates' own filters make of words."""

import re
from decimal import Decimal

import pytest

from flows.documents.pdf.fonts import Fonts
from flows.documents.pdf.markup import environment
from flows.documents.provenance import UnsourcedNumberError


@pytest.mark.parametrize(
    ("name", "set_as"),
    [
        ("城镇新增就业", "城镇新增就业"),
        ("二产新增就业岗位A", "二产新增就业岗位A"),  # nine characters fit
        ("创业担保贷款发放金额", "创业担保贷款<br>发放金额"),
        ("小微企业个体工商户新增就业", "小微企业个体工商户<br>新增就业"),
        ("五个<试点>示范建设项目", "五个&lt;试点&gt;示范<br>建设项目"),
    ],
)
def test_a_long_name_is_broken_before_its_last_four_characters(fonts: Fonts, name: str, set_as: str) -> None:
    assert environment(fonts, ()).from_string("{{ name | folded }}").render(name=name) == set_as


def test_a_paragraph_is_set_without_blanks_beside_chinese(fonts: Fonts) -> None:
    template = environment(fonts, ()).from_string("{{ lines(text) }}")
    assert (
        template.render(text="应为上月累计 113 加本月 44，详见 ICD 10 编码")
        == "应为上月累计113加本月44，详见ICD 10编码"
    )


def test_a_compressed_mark_is_moved_on_its_blank_side_and_a_spread_line_keeps_its_numbers(
    fonts: Fonts,
) -> None:
    template = environment(fonts, ()).from_string("{{ lines(text) }}")
    pressed = template.render(text="全市，“就业”" + "全市就业" * 4 + "全市8人" + "12345678人" * 2)
    assert re.search(r'<span style="margin-right:-0\.33\d+em">，</span>“', pressed)
    spread = template.render(text="共8123人" + "全市就业" * 5 + "全" + "10994.5万元")
    assert re.search(r'^<span style="letter-spacing:0\.\d+em">共<span class="digits">812</span>3人', spread)


@pytest.mark.parametrize("number", [7, 7.0, Decimal(7)])
def test_a_number_of_any_type_without_a_source_is_refused(fonts: Fonts, number: object) -> None:
    with pytest.raises(UnsourcedNumberError, match="没有出处的数"):
        environment(fonts, ()).from_string("{{ number }}份").render(number=number)
