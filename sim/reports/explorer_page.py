"""An explorer as HTML: words, style, script and numbers in one file."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

from markupsafe import Markup

from sim.reports.explorer_words import ExplorerWords
from sim.reports.templating import environment, template_text

TEMPLATE, SHEET = "explorer.html.j2", "explorer.css"
SCRIPTS = ("explorer-data.js", "explorer-draw.js", "explorer-page.js")
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")
_BOLD, _CODE = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"`([^`]+)`")
_ITALIC = re.compile(r"(?<![\w*])\*(.+?)\*(?![\w*])")


def render_explorer(data: dict[str, Any], words: ExplorerWords) -> str:
    """The whole page; it asks nothing of anybody, and its policy forbids it to."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    page = (
        environment({"line": markdown_line})
        .get_template(TEMPLATE)
        .render(
            words=words,
            members=data["members"],
            paired=data["paired"],
            css=Markup(template_text(SHEET)),
            script=Markup("\n".join(map(template_text, SCRIPTS))),
            # Nothing but an end tag leads out of a script element.
            data=Markup(text.replace("<", "\\u003c")),
        )
    )
    return str(page).lstrip()


def markdown_line(line: str) -> Markup:
    """Bold, italic, code and web links of one line; everything else is text."""
    text = _LINK.sub(r'<a href="\2" rel="noreferrer">\1</a>', escape(line))
    text = _ITALIC.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", text))
    return Markup(_CODE.sub(r"<code>\1</code>", text))
