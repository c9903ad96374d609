"""What the sections of a report share: the run, its numbers, its sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.outcomes.dataset import csv_name
from sim.reports.facts import Facts
from sim.reports.material import Material
from sim.reports.names import display, parts_of
from sim.reports.refs import References


@dataclass
class Context:
    """Material of a run with everything that is looked up in it."""

    material: Material
    refs: References
    facts: Facts

    @classmethod
    def of(cls, material: Material, refs: References | None = None) -> Context:
        """The context of a run; ``refs`` goes on with the numbers of another run's sources."""
        facts = Facts(material.bands, material.points)
        return cls(material, refs or References(material.case), facts)

    @property
    def names(self) -> dict[str, Any]:
        """What people call the actors, items, lines and regions of the case."""
        return dict(self.material.manifest.get("names") or {})

    def outcome(self, outcome: str, labels: str = "") -> str:
        """An outcome and its labels in words: ``Revenue: Consumer``; a total alone."""
        head = self._label(outcome)
        about = ", ".join(display(part, self.names) for part in parts_of(labels))
        return f"{head}: {about}" if about else head

    def _label(self, outcome: str) -> str:
        results = self.material.results
        for name, variable in results.dataset.variables.items() if results else ():
            label = str(variable.attrs.get("label") or "")
            if variable.attrs.get("csv_name", name) == outcome and label:
                return display(outcome, self.names) if label.startswith("Month: ") else label
        return display(outcome, self.names)

    def unit(self, outcome: str) -> str:
        """Unit of an outcome; '' if the run does not say."""
        results = self.material.results
        for array in results.dataset.data_vars.values() if results else ():
            if csv_name(array) == outcome:
                return str(array.attrs.get("unit", ""))
        return ""
