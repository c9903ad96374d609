"""Calendar periods: ``2021``, ``2021H1``, ``2021Q3``, ``2021-09``; how months make one."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import xarray as xr

Every = Literal["year", "half", "quarter", "month"]
MONTHS: dict[Every, int] = {"year": 12, "half": 6, "quarter": 3, "month": 1}

_FORM = re.compile(
    r"(?P<year>\d{4})(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?"
)


@dataclass(frozen=True)
class Period:
    """A year, half, quarter or month of the calendar."""

    text: str
    first: np.datetime64  # first month, to the month
    months: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read a period.

        Raises:
            ValueError: if ``text`` is none of the four forms.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"a period is 2021, 2021H1, 2021Q3 or 2021-09, not {text!r}")
        january = np.datetime64(match["year"], "M")
        for every in ("half", "quarter", "month"):
            if match[every]:
                later = np.timedelta64((int(match[every]) - 1) * MONTHS[every], "M")
                return cls(text, january + later, MONTHS[every])
        return cls(text, january, 12)

    def place(self, months: npt.NDArray[np.datetime64]) -> slice | None:
        """Where the period lies in consecutive ``months``; None unless all of it does."""
        if len(months) == 0:
            return None
        at = int((self.first - months[0].astype("datetime64[M]")).astype(int))
        inside = at >= 0 and at + self.months <= len(months)
        return slice(at, at + self.months) if inside else None


def periods_in(months: npt.NDArray[np.datetime64], every: Every = "year") -> list[Period]:
    """All complete periods in consecutive ``months``; incomplete ones are left out."""
    texts = dict.fromkeys(_text(month, every) for month in months.astype("datetime64[M]"))
    found = (Period.parse(text) for text in texts)
    return [period for period in found if period.place(months) is not None]


def _text(month: np.datetime64, every: Every) -> str:
    year, number = str(month).split("-")
    part = (int(number) - 1) // MONTHS[every] + 1
    return {"year": year, "half": f"{year}H{part}", "quarter": f"{year}Q{part}"}.get(
        every, str(month)
    )


def reduce_months(values: npt.NDArray[np.floating], kind: str) -> npt.NDArray[np.floating]:
    """Months of one period (months, ...) as one value (...), by the kind of the outcome.

    A flow with an undefined month is undefined; a share is the mean of its defined months.
    """
    if kind == "stock":
        return np.asarray(values[-1])
    if kind == "flow":
        return np.asarray(values.sum(axis=0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all months undefined: NaN is meant
        return np.asarray(np.nanmean(values, axis=0))


def over_period(array: xr.DataArray, period: str) -> xr.DataArray | None:
    """An outcome (month, ...) over one period; None unless the run covers all of it."""
    place = Period.parse(period).place(array["month"].values)
    if place is None:
        return None
    inside = array.transpose("month", ...).isel(month=place)
    shape = inside.isel(month=-1, drop=True)
    return shape.copy(data=reduce_months(inside.values, array.attrs.get("kind", "flow")))


def by_period(array: xr.DataArray, every: Every = "year") -> xr.DataArray:
    """An outcome (month, ...) by complete period, (period, ...)."""
    import xarray as xr

    found = periods_in(array["month"].values, every)
    parts = [over_period(array, period.text) for period in found]
    if not parts:
        empty = array.transpose("month", ...).isel(month=slice(0)).rename(month="period")
        return empty.assign_coords(period=np.array([], dtype=str))
    texts = xr.Variable("period", [period.text for period in found])
    out = xr.concat([part for part in parts if part is not None], dim="period")
    return out.assign_coords(period=texts).assign_attrs(array.attrs)
