"""A report's HTML as tests look at it: elements, ids, links, drawings, traced numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Element:
    tag: str
    about: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """All elements of a page in order; the text of an element includes what is inside it."""

    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[Element] = []
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs})
        self.elements.append(element)
        if tag not in ("meta", "link", "br", "wbr", "col", "path", "rect", "circle", "use"):
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place].tag == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    def ids(self) -> list[str]:
        return [element.about["id"] for element in self.elements if "id" in element.about]

    def targets(self) -> list[str]:
        return [e.about["href"] for e in self.all("a") if "href" in e.about]

    def loaded(self) -> list[str]:
        """Everything that a browser would fetch to show the page."""
        found = [e.about["src"] for e in self.elements if "src" in e.about]
        found += [e.about["href"] for e in self.elements if e.tag != "a" and "href" in e.about]
        found += [e.about["xlink:href"] for e in self.elements if "xlink:href" in e.about]
        styles = [e.text for e in self.all("style")]
        styles += [e.about.get("style", "") for e in self.elements]
        styles += [e.about[key] for e in self.elements for key in ("clip-path", "fill")
                   if key in e.about]  # fmt: skip
        for text in styles:
            found += re.findall(r"url\(\s*['\"]?([^'\")]+)", text)
            found += re.findall(r"@import\s+([^;]+)", text)
        return found
