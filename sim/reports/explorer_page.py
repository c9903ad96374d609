"""An explorer as HTML: words, style, script and numbers in one file."""

from __future__ import annotations

import json
import re
from html import escape
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from sim.reports.explorer_words import ExplorerWords

TEMPLATE, SHEET = "explorer.html.j2", "explorer.css"
SCRIPTS = ("explorer-data.js", "explorer-draw.js", "explorer-page.js")
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")
_BOLD, _CODE = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"`([^`]+)`")
_ITALIC = re.compile(r"(?<![\w*])\*(.+?)\*(?![\w*])")


def render_explorer(data: dict[str, Any], words: ExplorerWords) -> str:
    """The whole page; it asks nothing of anybody, and its policy forbids it to."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    made = Environment(
        loader=PackageLoader("sim.reports"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters["line"] = markdown_line
    page = made.get_template(TEMPLATE).render(
        words=words,
        members=data["members"],
        paired=data["paired"],
        css=Markup(_text(SHEET)),
        script=Markup("\n".join(map(_text, SCRIPTS))),
        # Nothing but an end tag leads out of a script element.
        data=Markup(text.replace("<", "\\u003c")),
    )
    return str(page).lstrip()


def _text(name: str) -> str:
    return (files("sim.reports") / "templates" / name).read_text(encoding="utf-8")


def markdown_line(line: str) -> Markup:
    """Bold, italic, code and web links of one line; everything else is text."""
    text = _LINK.sub(r'<a href="\2" rel="noreferrer">\1</a>', escape(line))
    text = _ITALIC.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", text))
    return Markup(_CODE.sub(r"<code>\1</code>", text))
