"""Excel 5's own records: packed numbers, rows of them, formulas and their results, errors, a password."""

import struct

import pytest

from flows.submissions.formats.grid import Broken, Raw, UnreadableError
from flows.submissions.formats.opening import open_file
from tests.submissions.excel_5 import excel_5, record

FORMULA, TEXT = 0x0006, b"\x00\x00\x00\x00\x00\x00\xff\xff"


def cell(more: bytes) -> Raw:
    (grid,) = open_file("6月.xls", excel_5("月报", [["指标"]], more)).grids
    assert grid.name == "月报" and grid.text((0, 0)) == "指标"
    return grid.raw((1, 1))


@pytest.mark.parametrize(
    ("packed", "value"),
    [
        (607 << 2 | 2, 607.0),  # an integer
        (43612 << 2 | 3, 436.12),  # an integer, a hundredth of it
        ((-7 << 2 | 2) & 0xFFFFFFFF, -7.0),
        (struct.unpack("<Q", struct.pack("<d", 1.5))[0] >> 32, 1.5),  # the upper half of a float
    ],
)
def test_a_packed_number_is_unpacked(packed: int, value: float) -> None:
    assert cell(record(0x27E, struct.pack("<HHHI", 1, 1, 16, packed))) == value


def test_a_row_of_packed_numbers_is_unpacked() -> None:
    numbers = b"".join(struct.pack("<HI", 16, n << 2 | 2) for n in (110, 607))
    assert cell(record(0xBD, struct.pack("<HH", 1, 0) + numbers + struct.pack("<H", 1))) == 607.0


def formula(result: bytes) -> bytes:
    return record(FORMULA, struct.pack("<HHH", 1, 1, 16) + result + bytes(8))


def test_a_formulas_result_is_read_and_marked() -> None:
    (grid,) = open_file("6月.xls", excel_5("月报", [["指标"]], formula(struct.pack("<d", 607.0)))).grids
    assert grid.raw((1, 1)) == 607.0 and (1, 1) in grid.formulas


def test_a_formulas_text_is_read() -> None:
    said = "一千".encode("cp936")
    assert cell(formula(TEXT) + record(0x207, struct.pack("<H", len(said)) + said)) == "一千"


def test_a_formulas_error_is_none_of_its_numbers() -> None:
    assert cell(formula(b"\x02\x00\x17\x00\x00\x00\xff\xff")) == Broken("#REF!")


def test_a_password_is_said() -> None:
    with pytest.raises(UnreadableError, match="密码"):
        open_file("6月.xls", excel_5("月报", [["指标"]], before_all=record(0x2F, bytes(6))))
