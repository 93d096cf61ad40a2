"""Pages: what is told stays text, and bars are as long as their values."""

from ops.page import bars, page, table


def test_text_is_never_markup():
    assert "<b>" not in page("<b>", "") + table(("<b>",), [("<b>",)]) + bars(
        ("<b>", ""), {"<b>": 1}
    )


def test_the_longest_bar_fills_its_column():
    drawn = bars(("", "ms"), {"a": 10.0, "b": 2.5, "c": 0.0})
    assert [f"width:{each}%" in drawn for each in ("100.0", "25.0", "0.0")] == [True] * 3
    assert "100.0" not in bars(("", ""), {"none": 0.0})
