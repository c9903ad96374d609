"""What is printed of a comparison, and where the rest is."""

import pandas as pd

from sim.cli.compare import MANY, headlines


def table(rows):
    return pd.DataFrame(rows, columns=["outcome", "labels", "period"])


def test_few_changes_are_all_printed():
    changed = table([("chips", "item=soc", str(year)) for year in range(MANY)])
    assert len(headlines(changed)) == MANY


def test_of_many_changes_headlines_and_events_are_printed():
    many = [("chips", "item=soc", str(year)) for year in range(MANY)]
    told = [("revenue", "segment=total", "2021"), ("cut_off", "", "2021"), ("unit_sold", "", "")]
    other = [("revenue", "segment=cloud", "2021")]
    shown = headlines(table([*many, *told, *other]))
    assert list(shown.itertuples(index=False, name=None)) == told
