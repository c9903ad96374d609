"""Matplotlib's SVG made small and fit to stand inside a page."""

from __future__ import annotations

import io
import re
from html import escape

from matplotlib.figure import Figure

from sim.reports.style import styled

_HEAD = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_SPARE = re.compile(
    r"<metadata>.*?</metadata>|<!--.*?-->|<defs>\s*<style.*?</style>\s*</defs>"
    r'|<path d="[^"]*" style="fill: #ffffff"/>',
    re.DOTALL,
)
_ROOT = re.compile(r'<svg[^>]*viewBox="([^"]+)"[^>]*>')
_LONG = re.compile(r"(?<!opacity:)-?\d+\.\d{2,}")
_MARKUP = re.compile(r"<[^>]+>")  # numbers between tags are for the reader
_ID = re.compile(r' id="([^"]+)"')
_USE = re.compile(r'(?:url\(#|href="#)([^")]+)')
_SPACE = re.compile(r">\s+<")
_TAG = re.compile(r"<g[^>]*>|</g>")
_PATH = re.compile(r' d="([^"]*)"')
_ALIKE = re.compile(r'<path d="[^"]*"( style="[^"]*")/>(?:<path d="[^"]*"\1/>)+')
_FAMILY = re.compile(r"font-family: [^;\"]*; ?")
_NO_TURN = re.compile(r' transform="rotate\(-?0 [^"]*\)"')
_STYLE = re.compile(r' style="([^"]*)"')


@styled
def svg_text(figure: Figure) -> str:
    """A drawing as Matplotlib writes it."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def inline(text: str, name: str, alt: str) -> str:
    """A drawing as an element of a page, at a fifth of its size.

    Args:
        text: the drawing as :func:`svg_text` gives it.
        name: no other drawing of the page may have it, for ids are told apart by it.
        alt: what it shows, in words.
    """
    text = _SPARE.sub("", _HEAD.sub("", text, count=1))
    text = _PATH.sub(lambda found: f' d="{_short_path(found[1])}"', text)
    text = _STYLE.sub(lambda found: f' style="{_short_style(found[1])}"', text)
    text = _MARKUP.sub(lambda found: _LONG.sub(_rounded, found[0]), _NO_TURN.sub("", text))
    text = _without_bare_groups(_own_ids(_SPACE.sub("><", text), name))
    text = _ALIKE.sub(_joined, text)
    x, y, width, height = (float(part) for part in _box(text))
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{x:g} {y:g} {width:g} {height:g}" role="img" aria-label="{escape(alt)}">'
    )
    return _ROOT.sub(lambda _: head, text, count=1).strip()


def _box(text: str) -> list[str]:
    found = _ROOT.search(text)
    if found is None:
        raise ValueError("the drawing has no viewBox")
    return found[1].split()


def _rounded(found: re.Match[str]) -> str:
    return f"{float(found[0]):.1f}".removesuffix(".0")


def _short_path(path: str) -> str:
    """A path with points to the tenth, without points that repeat the one before."""
    words = [line.strip() for line in _LONG.sub(_rounded, path).split("\n")]
    kept = [word for k, word in enumerate(words) if word and (k == 0 or word != words[k - 1])]
    return re.sub(r" ?([A-Za-z]) ?", r"\1", " ".join(kept))


def _short_style(style: str) -> str:
    style = re.sub(r"\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", style)
    style = _FAMILY.sub("", style)  # the page's own
    return style.replace("; stroke-dashoffset: 0", "").replace("; ", ";").replace(": ", ":")


def _joined(found: re.Match[str]) -> str:
    """Paths that look alike as one."""
    return f'<path d="{"".join(_PATH.findall(found[0]))}"{found[1]}/>'


def _without_bare_groups(text: str) -> str:
    """Groups that say nothing go, their contents stay."""
    open_groups: list[bool] = []

    def keep(found: re.Match[str]) -> str:
        tag = found[0]
        if tag.endswith("/>"):  # nothing is in it
            return ""
        if tag != "</g>":
            open_groups.append(tag != "<g>")
        kept = open_groups[-1]
        if tag == "</g>":
            open_groups.pop()
        return tag if kept else ""

    return _TAG.sub(keep, text)


def _own_ids(text: str, name: str) -> str:
    """Ids that are used get a name of their own; the others go."""
    used = set(_USE.findall(text))
    own = {old: f"{name}-{number}" for number, old in enumerate(sorted(used))}
    text = _ID.sub(lambda found: f' id="{own[found[1]]}"' if found[1] in own else "", text)
    return _USE.sub(lambda found: found[0].replace(found[1], own[found[1]]), text)
