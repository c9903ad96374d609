"""Numbers of a mailable explorer: what is packed comes out again, small and honest."""

import numpy as np
import pytest

from sim.outcomes.summary import PROBS, member_quantiles
from sim.reports.explorer_pack import chosen, make_table, pack_table, packed_bytes, unpack
from sim.reports.explorer_page import markdown_line

# Two scenarios of five members over two years; the first year is the same in both.
VALUES = np.array(
    [[[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [4.0, 8.0], [5.0, 10.0]],
     [[1.0, 1.0], [2.0, 1.0], [3.0, 1.0], [4.0, 1.0], [5.0, 1.0]]]
)  # fmt: skip


def test_years_that_scenarios_share_are_kept_once():
    table = make_table(VALUES)
    assert table.rows == 3
    assert table.index[0, 0] == table.index[1, 0]
    assert table.index[0, 1] != table.index[1, 1]


def test_the_packed_bands_are_the_quantiles_of_all_members():
    packed = unpack(pack_table(make_table(VALUES), chosen(5, 3)), scenarios=2)
    theirs = member_quantiles(np.moveaxis(VALUES, 1, 2), PROBS)
    assert np.moveaxis(packed.bands[packed.index], -1, 0) == pytest.approx(theirs, rel=1e-6)


def test_packed_members_subtract_pair_by_pair():
    packed = unpack(pack_table(make_table(VALUES), chosen(5, 5)), scenarios=2)
    change = packed.members[packed.index[0, 1]] - packed.members[packed.index[1, 1]]
    assert change == pytest.approx([1, 3, 5, 7, 9], abs=9 / 65534)


def test_a_member_without_a_number_stays_without():
    holed = VALUES.copy()
    holed[0, 2, 1] = np.nan
    packed = unpack(pack_table(make_table(holed), chosen(5, 5)), scenarios=2)
    assert np.isnan(packed.members[packed.index[0, 1]]).tolist() == [0, 0, 1, 0, 0]
    assert packed.bands[packed.index[0, 1]][2] == pytest.approx(6)  # of 2, 4, 8, 10


def test_a_chart_of_nothing_but_zeros_can_be_packed():
    packed = unpack(pack_table(make_table(np.zeros((2, 3, 2))), chosen(3, 3)), scenarios=2)
    assert packed.members.tolist() == [[0, 0, 0]]
    assert packed.bands.tolist() == [[0, 0, 0, 0, 0]]


def test_members_are_chosen_evenly():
    assert chosen(8, 4).tolist() == [0, 2, 4, 6]
    assert chosen(6, 4).tolist() == [0, 1, 3, 4]


def test_the_size_counts_rows_members_bands_and_places():
    table = make_table(VALUES)  # 3 rows, 4 places
    assert packed_bytes([table], 5) == 4 * (3 * (5 * 2 + 5 * 4) + 4 * 2) // 3


def test_words_of_a_case_are_text_and_only_web_links_are_links():
    assert markdown_line("*A* `b.c` **d** <script>") == (
        "<em>A</em> <code>b.c</code> <strong>d</strong> &lt;script&gt;"
    )
    assert markdown_line("[x](https://e.org/a)") == (
        '<a href="https://e.org/a" rel="noreferrer">x</a>'
    )
    assert "<a" not in markdown_line("[x](javascript:alert(1))")
