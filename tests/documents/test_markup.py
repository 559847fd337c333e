"""What the templates' own filters make of words."""

import pytest

from flows.documents.pdf.fonts import Fonts
from flows.documents.pdf.markup import environment


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
