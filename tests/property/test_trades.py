"""Trade rows: short lists and rings of days see what a look at all that was ever sold sees."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.chart import INT64_MAX
from ledger.fraud import merchants
from ledger.trades import DAYS_KEPT, LATEST_KEPT, NO_TRADE, Selling, gave_back, sold
from ops.auditor.history import Sold
from ops.auditor.kept import Traded
from ops.auditor.trades import features
from schemas.messages.events import MerchantGaveBack, MerchantSold

AMOUNTS = st.sampled_from((1, 90, 100, 110, 5_000, 2**62, INT64_MAX))
PAUSES = st.sampled_from((0, 0, 0, 0, 0, 0, 1, 2, 29, 30, 31, 32))
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(("sale",) * 8 + ("refund", "dispute")),
        AMOUNTS,
        st.sampled_from(("ann", "ann", "bob", "carl")),
        st.booleans(),
        PAUSES,
        st.sampled_from((1, 1, 1, 25)),
    ),
    max_size=60,
)


@given(st.integers(0, 30_000), DEEDS)
def test_bounded_rows_see_what_the_whole_history_says(day, deeds):
    row, traded = NO_TRADE, Traded()
    for what, amount, payer, night, pause, times in deeds:
        day += pause
        for _ in range(times):
            sale = Sold(day, amount, payer, night)
            selling = Selling(payer, amount, day, night, row)
            found = {name: feature(selling) for name, feature in merchants.RULES.items()}
            assert found == features(traded, sale)
            if what == "sale":
                event = MerchantSold("mart", payer, amount, day, night, 0, 0, (), ())
                row = sold(row, event)
                traded.sales.append(sale)
            elif what == "refund":
                row = gave_back(row, MerchantGaveBack("mart", day, amount))
                traded.refunds.append((day, amount))
            else:
                row = gave_back(row, MerchantGaveBack("mart", day, 0))
                traded.disputes.append(day)
            assert len(row.latest) <= LATEST_KEPT
            for days in (row.sales, row.sold, row.refunded, row.disputes):
                assert len(days) <= DAYS_KEPT
                assert all(0 <= each <= INT64_MAX for each in days)
