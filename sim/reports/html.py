"""A report as one HTML file that needs nothing else: drawings, style and data inside."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from markupsafe import Markup

from sim.reports import content, style
from sim.reports.content import Key, Link, Number, Scale, Strip, Words
from sim.reports.svg import inline, svg_text
from sim.reports.templating import environment, template_text

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE, SHEET = "report.html.j2", "report.css"
_LENGTHY = re.compile(r"[\w.]{24,}")
_PARTS = re.compile(r"(?<=[._])(?=\w)")
_BREAKS = re.compile(r"(?<=[/._=&?-])(?=[^/\s])")


def render_html(report: content.Report) -> str:
    """The whole page."""
    css = Markup(template_text(SHEET))
    return str(_page().render(report=report, css=css)).lstrip()


@lru_cache(maxsize=1)
def _page() -> Template:
    filters: dict[str, Callable[..., str]] = {
        "words": words_html,
        "cell": cell_html,
        "drawing": drawing_html,
        "sample": sample_html,
        "scale": scale_html,
        "data": data_address,
        "plain": content.plain,
    }
    made = environment(filters)
    made.tests["scale"] = lambda value: isinstance(value, Scale)
    made.globals["kind_of"] = lambda block: type(block).__name__.lower()
    return made.get_template(TEMPLATE)


def words_html(words: Words | str) -> Markup:
    """Words with links; each number carries its value and where it stands."""
    if isinstance(words, str):
        return Markup(_text(words))
    return Markup("".join(_word(word) for word in words))


def _text(text: str) -> str:
    """Plain words; a long name of many parts may break between them."""
    return _LENGTHY.sub(lambda found: _PARTS.sub("<wbr>", found[0]), escape(text))


def _word(word: str | Number | Link) -> str:
    if isinstance(word, Number):
        place = escape(word.place, quote=True)
        return f'<data value="{escape(str(word.value))}" data-place="{place}">{word.text}</data>'
    if isinstance(word, Link):
        return _link(word)
    return _text(word)


def _link(link: Link) -> str:
    title = f' title="{escape(link.title)}"' if link.title else ""
    target = escape(link.target, quote=True)
    if link.target.startswith("#"):
        kind = "ref" if link.text.startswith("[") else "in"
        return f'<a class="{kind}" href="{target}"{title}>{escape(link.text)}</a>'
    text = _BREAKS.sub("<wbr>", escape(link.text))
    return f'<a href="{target}" rel="noreferrer external"{title}>{text}</a>'


def cell_html(cell: content.Cell) -> Markup:
    """A cell of a table: words, or a strip of a time axis."""
    if isinstance(cell, Strip):
        return strip_html(cell)
    return words_html(cell)


_BAR = {
    "waiting": (1.5, 5, "w"),
    "force": (1.5, 5, "f"),
    "wide": (1, 6, "b"),
    "narrow": (1, 6, "n"),
}


def strip_html(strip: Strip) -> Markup:
    """A strip as a drawing 200 wide and 8 high."""
    parts = [f'<path class="g" d="{"".join(f"M{200 * x:.1f} 0v8" for x in strip.lines)}"/>']
    for begin, end, kind in strip.bars:
        top, height, name = _BAR[kind]
        width = max(200 * (end - begin), 1.2)
        parts.append(
            f'<rect class="{name}" x="{200 * begin:.1f}" y="{top}" width="{width:.1f}" '
            f'height="{height}"/>'
        )
    parts += [_mark(200 * place, kind) for place, kind in strip.marks]
    return Markup(
        f'<svg class="strip" viewBox="0 0 200 8" role="img" aria-label="{escape(strip.alt)}">'
        f"{''.join(parts)}</svg>"
    )


def _mark(x: float, kind: str) -> str:
    if kind == "median":
        return f'<path class="m" d="M{x:.1f} .5v7"/>'
    if kind in ("inside", "documented"):
        return f'<path class="{kind[0]}" d="M{x:.1f} 1.2l2.8 2.8l-2.8 2.8l-2.8-2.8z"/>'
    return f'<circle class="{"s" if kind == "signal" else "c"}" cx="{x:.1f}" cy="4" r="2.2"/>'


def scale_html(scale: Scale) -> Markup:
    """The years above a column of strips."""
    names = "".join(
        f'<text x="{200 * place:.1f}" y="7">{escape(name)}</text>' for place, name in scale.names
    )
    alt = ", ".join(name for _, name in scale.names)
    return Markup(
        f'<svg class="strip" viewBox="0 0 200 9" role="img" aria-label="Years {escape(alt)}">'
        f"{names}</svg>"
    )


def drawing_html(picture: content.Picture, name: str) -> Markup:
    """A drawing inside the page; ``name`` keeps its ids apart from others."""
    return Markup(inline(svg_text(picture.drawing), name, picture.alt))


def sample_shape(key: Key) -> str:
    """The sample of a legend's entry, 24 wide and 12 high."""
    shape = _SAMPLES[key.sample].format(
        color=key.color or style.BLACK, opacity=key.opacity, dashes=_dashes(key)
    )
    return shape + (_hatch(key.hatch) if key.hatch else "")


def _dashes(key: Key) -> str:
    """Strokes and gaps, smaller than on the line itself, so that a sample shows two of each."""
    if not key.dashes:
        return ""
    return f' stroke-dasharray="{" ".join(f"{1.4 * part:.1f}" for part in key.dashes)}"'


def rules() -> str:
    """What the style sheet says of strips, for a drawing outside the page."""
    lines = [line.strip() for line in template_text(SHEET).splitlines()]
    kept = [line.removeprefix(".strip ") for line in lines if line.startswith(".strip ")]
    return " ".join(kept).replace("var(--ink)", style.INK)


def sample_html(key: Key) -> Markup:
    """The sample of a legend's entry as a drawing inside the page."""
    return Markup(
        f'<svg class="key" viewBox="0 0 24 12" aria-hidden="true">{sample_shape(key)}</svg>'
    )


_SAMPLES = {
    "line": '<path d="M0 6h24" stroke="{color}" stroke-width="2.4"{dashes}/>',
    "dash": '<path d="M0 6h24" stroke="{color}" stroke-width="2.4" stroke-dasharray="7 3"/>',
    "band": '<path d="M0 1h24v10h-24z" fill="{color}" fill-opacity="{opacity}"/>',
    "fill": '<path d="M0 1h24v10h-24z" fill="{color}"/>',
    "point": '<path d="M12 1l5 5l-5 5l-5-5z" fill="{color}"/>',
    "hollow": '<path d="M12 1l5 5l-5 5l-5-5z" fill="#fff" stroke="{color}" stroke-width="1.4"/>',
}
_HATCHES = {
    "/": "M-2 11L8 1M4 11L14 1M10 11L20 1M16 11L26 1",
    "\\": "M-2 1L8 11M4 1L14 11M10 1L20 11M16 1L26 11",
    "-": "M0 3h24M0 6h24M0 9h24",
    "|": "M4 1v10M8 1v10M12 1v10M16 1v10M20 1v10",
    "+": "M0 4h24M0 8h24M6 1v10M12 1v10M18 1v10",
    "x": "M-2 11L8 1M6 11L16 1M14 11L24 1M-2 1L8 11M6 1L16 11M14 1L24 11",
}


def _hatch(hatch: str) -> str:
    return f'<path d="{_HATCHES[hatch[0]]}" stroke="#fff" stroke-width="1.1" fill="none"/>'


def data_address(text: str) -> Markup:
    """CSV as an address that a link can carry."""
    packed = base64.b64encode(text.encode("utf-8")).decode("ascii")
    return Markup(f"data:text/csv;charset=utf-8;base64,{packed}")
