"""The months that a documented value speaks of, and months as text.

A *month number* is year x 12 + month - 1, so months are counted with plain arithmetic.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_FORM = re.compile(
    r"(?P<year>\d{4})(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?"
)
_MONTHS = {"half": 6, "quarter": 3, "month": 1}


@dataclass(frozen=True)
class Span:
    """Consecutive months, both ends included, as month numbers."""

    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read ``2021``, ``2021H1``, ``2021Q3``, ``2021-09`` or an interval ``2023/2024``.

        Raises:
            ValueError: if ``text`` has none of these forms or ends before it begins.
        """
        begin, slash, end = text.partition("/")
        if not slash:
            return cls._simple(text)
        span = cls(cls._simple(begin).first, cls._simple(end).last)
        if span.last < span.first:
            raise ValueError(f"the period {text} ends before it begins")
        return span

    @classmethod
    def _simple(cls, text: str) -> Span:
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(
                f"a period is 2021, 2021H1, 2021Q3, 2021-09 or two of these with '/', not {text!r}"
            )
        january = int(match["year"]) * 12
        for part, months in _MONTHS.items():
            if match[part]:
                first = january + (int(match[part]) - 1) * months
                return cls(first, first + months - 1)
        return cls(january, january + 11)

    @property
    def year(self) -> int | None:
        """The calendar year that the span is, if it is one."""
        whole = self.first % 12 == 0 and self.last == self.first + 11
        return self.first // 12 if whole else None

    @property
    def last_year(self) -> int:
        """Calendar year of the last month."""
        return self.last // 12

    def within(self, other: Span) -> bool:
        """Whether ``other`` covers all months of this span."""
        return other.first <= self.first and self.last <= other.last


def month_text(number: float) -> str | None:
    """Month number as ``2021-09``; None for NaN."""
    if math.isnan(number):
        return None
    whole = math.floor(number)
    return f"{whole // 12:04d}-{whole % 12 + 1:02d}"
