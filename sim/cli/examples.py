"""What the help of each command ends with: commands to copy, and its line in the list."""

from __future__ import annotations

from typing import TypedDict

from sim.world.builtin import default_case

CASE = default_case()

EXAMPLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "run": (
        "Run a case, scenario or experiment file.",
        (
            f"chokepoint run {CASE} --members 64 --out out/history",
            f"chokepoint run {CASE} mechanisms.rerouting=0 --out out/no-fronts",
            "chokepoint run grace-window --workers 4",
        ),
    ),
    "compare": (
        "Compare a run with what is documented, or with another.",
        (f"chokepoint compare out/{CASE}", f"chokepoint compare {CASE} no-grace"),
    ),
    "report": (
        "Write a report to send on, as one HTML file.",
        (
            f"chokepoint report out/{CASE} --pdf",
            f"chokepoint report out/{CASE} out/no-grace --out both.html",
        ),
    ),
    "attribute": (
        "Share the result out among mechanisms or measures.",
        (f"chokepoint attribute {CASE} --by measures --replicates 8",),
    ),
    "check": (
        "Check a case, scenario or experiment without a run.",
        (f"chokepoint check {CASE}", "chokepoint check grace-window replicates=64"),
    ),
    "app": (
        "Start the what-if page: move levers, see what changes.",
        ("chokepoint app", "chokepoint app --port 8600"),
    ),
    "schema": (
        "Print the JSON schema of a case or experiment.",
        ("chokepoint schema experiment > experiment.schema.json",),
    ),
    "list": (
        "List what there is to run, to change and to read.",
        ("chokepoint list scenarios", "chokepoint list parameters example"),
    ),
    "new-case": (
        "Write a small case of your own to start from.",
        ("chokepoint new-case my-firm", "chokepoint run my-firm --members 16"),
    ),
    "sensitivity": (
        "Say which uncertain inputs carry the spread.",
        (
            f"chokepoint sensitivity {CASE} --method morris --trajectories 20",
            'chokepoint sensitivity example --outcome "revenue|segment=total"',
        ),
    ),
    "exceed": (
        "Say how likely at least so much by a year is.",
        (
            f'chokepoint exceed out/{CASE} --outcome "revenue|segment=total" --by 2024',
            f"chokepoint exceed {CASE} no-grace --above 2020",
        ),
    ),
    "calibrate": (
        "Fit a case to its first documented years.",
        ("chokepoint calibrate --draft --figures", "chokepoint calibrate my-fit.yaml"),
    ),
    "search": (
        "Search for regimes that no other regime beats.",
        ("chokepoint search regime-search --out out/regimes",),
    ),
    "explorer": (
        "Write a what-if page that needs only a browser.",
        ("chokepoint explorer --out page.html replicates=8",),
    ),
    "export": (
        "Write all members of an experiment or run as one file.",
        (
            f"chokepoint export out/{CASE} --out {CASE}.csv",
            "chokepoint export out/grace-window --format netcdf --out window.nc",
        ),
    ),
}

FIRST = f"Start with:  chokepoint run {CASE}      Help:  chokepoint run --help"


class Words(TypedDict):
    """What a command is registered with."""

    name: str
    short_help: str
    epilog: str


def words_of(name: str) -> Words:
    """Name, line in the list of commands, and examples at the end of a command's help."""
    short, examples = EXAMPLES[name]
    head = "Examples:" if len(examples) > 1 else "Example:"
    # \b keeps the lines of a paragraph as they are.
    epilog = "\b\n" + "\n".join([head, *(f"  {line}" for line in examples)])
    return {"name": name, "short_help": short, "epilog": epilog}
