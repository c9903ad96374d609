"""The scorecard by outcome: one line each, and a total."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any

from sim.documented.verdicts import MONTHS, PERCENT, counts, of_two

if TYPE_CHECKING:
    import pandas as pd

TOTAL = "total"
COVERED = 0.8  # of the values of a line that passes lie in the band of 90 %
COLUMNS = (
    "values", "PASS", "WARN", "MISS", "mean_abs_error_pct", "median_abs_error_pct",
    "mean_abs_error_months", "coverage50", "coverage90", "crps_pct", "crps_months",
    "skill_last", "skill_trend", "verdict",
)  # fmt: skip
LINE_RULE = (
    f"A line passes if at least {100 * COVERED:.0f} % of its values meet the band of 90 % and the "
    f"mean error of the median is within the tolerance of the outcome (events: {MONTHS:.0f} "
    f"months); WARN is one of the two, MISS neither. The total takes {PERCENT:.0f} %."
)


def by_outcome(card: pd.DataFrame) -> pd.DataFrame:
    """One line for each outcome of a scorecard, and a last one for all of them.

    Args:
        card: a scorecard, or a part of one; values that were not simulated are left out.

    Returns:
        Index: outcome. ``COLUMNS``: errors of the median in absolute value; crps as a mean
        share of the documented value [%] or in months; skill of the whole band: 1 less its
        crps over the error of the last value and of the trend, both as shares of the value.
    """
    import pandas as pd

    judged = card[card["in_band90"].notna()]
    lines = {str(name): _line(part) for name, part in judged.groupby("outcome", sort=False)}
    lines[TOTAL] = _line(judged)
    frame = pd.DataFrame.from_dict(lines, orient="index", columns=list(COLUMNS))
    return frame.rename_axis("outcome")


def _line(part: pd.DataFrame) -> dict[str, Any]:
    percent, months = part["error_pct"].abs(), part["error_months"].abs()
    tally = {name: number for name, number in counts(part).items() if name}
    covered = float(part["in_band90"].astype("float64").mean())
    events, numbers = part[part["occurred"].notna()], part[part["occurred"].isna()]
    return {
        "values": len(part),
        **tally,
        "mean_abs_error_pct": float(percent.mean()),
        "median_abs_error_pct": float(percent.median()),
        "mean_abs_error_months": float(months.mean()),
        "coverage50": float(part["in_band50"].astype("float64").mean()),
        "coverage90": covered,
        "crps_pct": float((100.0 * numbers["crps"] / _size(numbers)).mean()),
        "crps_months": float(events["crps"].mean()),
        "skill_last": _skill(numbers, "naive_last"),
        "skill_trend": _skill(numbers, "naive_trend"),
        "verdict": of_two(covered >= COVERED, _near(part)) if len(part) else "",
    }


def _size(numbers: pd.DataFrame) -> pd.Series[Any]:
    """What errors are counted against; values of nothing are left out."""
    import pandas as pd

    size: pd.Series[Any] = pd.to_numeric(numbers["documented"]).abs()
    return size.where(size > 0.0)


def _near(part: pd.DataFrame) -> bool:
    """Whether the mean error is within the tolerance; a missed zero or event is far away."""
    if part["error_pct"].isna().eq(part["error_months"].isna()).any():
        return False
    limit = float(part["tolerance"].iloc[0]) if part["outcome"].nunique() == 1 else PERCENT
    percent, months = part["error_pct"].abs().dropna(), part["error_months"].abs().dropna()
    good = (percent.empty or percent.mean() <= limit, months.empty or months.mean() <= MONTHS)
    return bool(all(good))


def _skill(numbers: pd.DataFrame, forecast: str) -> float:
    """1 less the crps over the error of a forecast, on the values that it makes."""
    import pandas as pd

    size, found = _size(numbers), pd.to_numeric(numbers["documented"])
    guess = (numbers[forecast] - found).abs() / size
    both = guess.notna() & numbers["crps"].notna()
    worth = float(guess[both].sum())
    return 1.0 - float((numbers["crps"] / size)[both].sum()) / worth if worth else nan
