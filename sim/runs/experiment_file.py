"""Finding and reading experiment files; everything wrong is told with file and line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.case.draft import Draft
from sim.case.errors import ConfigError, Problem, Trail
from sim.case.load import Listing, Overrides, apply_overrides, list_cases, list_scenarios
from sim.case.schema import Case
from sim.case.shape import shape_of
from sim.case.sources import read_tree
from sim.case.validate import validate
from sim.case.yamltext import Document, read_file
from sim.runs.experiment import Experiment
from sim.world.builtin import builtin_folder

_SUFFIXES = (".yaml", ".yml")
_MARKS_OF_AN_EXPERIMENT = ("question", "design", "replicates")


@dataclass(frozen=True)
class Loaded:
    """A checked experiment, and where each of its values was written."""

    experiment: Experiment
    document: Document
    path: Path
    overrides: tuple[str, ...] = ()

    def problem(
        self, what: str, trail: Trail, choices: tuple[str, ...] = (), given: str = ""
    ) -> ConfigError:
        """An error that points at a place of the file."""
        return ConfigError(Problem(what, self.document.mark(trail), trail, choices, given))

    def case(self, name: str | None = None) -> Case:
        """The case of one scenario, constants included; the plain case if None.

        Raises:
            ConfigError: if the scenario does not exist or cannot be laid over the case.
        """
        changes = {} if name is None else self.experiment.scenarios[name]
        named = isinstance(changes, str)
        base = changes if isinstance(changes, str) else self.experiment.case
        draft = read_tree(self._beside(base), shape_of(Case))
        constants = self.experiment.constants
        draft.merge(constants, lambda trail: self.document.mark(("constants", *trail)))
        if not named and name is not None:
            assert not isinstance(changes, str)
            draft.merge(changes, lambda trail: self.document.mark(("scenarios", name, *trail)))
        return validate(draft.document(), Case, draft.added)

    def _beside(self, name: str) -> str | Path:
        """A path in an experiment file starts from the file's own folder."""
        for suffix in ("", *_SUFFIXES):
            place = self.path.parent / f"{name}{suffix}"
            if ("/" in name or suffix) and place.exists() and place != self.path:
                return place
        return name


def load_experiment(name_or_path: str | Path, overrides: Overrides = ()) -> Loaded:
    """Read and check an experiment file.

    Args:
        name_or_path: a built-in experiment, or a file.
        overrides: ``name=value`` texts or a mapping, such as ``replicates=8``.

    Raises:
        ConfigError: with file, line, place, what is allowed and the nearest match.
    """
    path = find_experiment(name_or_path)
    draft = Draft(read_file(path), shape_of(Experiment))
    if "targets" in draft.document().tree:
        what = f"this is a calibration: chokepoint calibrate {name_or_path}"
        raise ConfigError(Problem(what, draft.document().mark(("targets",))))
    apply_overrides(draft, overrides)
    document = draft.document()
    texts = () if isinstance(overrides, dict) else tuple(map(str, overrides))
    return Loaded(validate(document, Experiment, draft.added), document, path, texts)


def parse_experiment(tree: dict[str, Any], path: Path = Path("experiment.yaml")) -> Loaded:
    """An experiment from plain data, as a script would write it.

    Raises:
        ConfigError: as :func:`load_experiment`, without lines.
    """
    document = Document(tree, {})
    return Loaded(validate(document, Experiment), document, path)


def experiment_schema() -> dict[str, Any]:
    """JSON schema of an experiment file, for completion in editors."""
    schema = Experiment.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def list_experiments() -> list[Listing]:
    """Built-in experiments by name."""
    listed = []
    for path in _builtin().values():
        if _is_calibration(path):
            continue
        tree = read_file(path).tree
        listed.append(Listing(path.stem, str(tree.get("title") or tree.get("question")), path))
    return listed


def is_experiment(name: str) -> bool:
    """Whether a name or path means an experiment rather than a case or scenario."""
    if name in {one.name for one in (*list_cases(), *list_scenarios())}:
        return False
    path = Path(name)
    if name in _builtin() and not path.exists():
        return True
    if path.suffix not in _SUFFIXES or not path.is_file():
        return False
    try:
        tree = read_file(path).tree
    except ConfigError:
        return "experiments" in path.parts
    return "extends" not in tree and any(key in tree for key in _MARKS_OF_AN_EXPERIMENT)


def find_experiment(name_or_path: str | Path) -> Path:
    """The file that a name or path means.

    Raises:
        ConfigError: if there is no such experiment.
    """
    text, named = str(name_or_path), _builtin()
    path = Path(text)
    if path.is_file():
        return path
    if text in named:
        return named[text]
    what = f"no experiment '{text}', built in or as a path"
    raise ConfigError(Problem(what, None, (), tuple(named), text))


def _builtin() -> dict[str, Path]:
    folder = builtin_folder("experiments")
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def _is_calibration(path: Path) -> bool:
    """A file beside the experiments that another command reads."""
    return any(line.startswith("targets:") for line in path.read_text("utf-8").splitlines())
