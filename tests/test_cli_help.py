"""The help of the command line: every command has a whole line and examples that are right."""

import shlex

import pytest
import typer

from sim.cli.app import app
from sim.cli.examples import EXAMPLES, words_of

COMMANDS = typer.main.get_command(app).commands
LINES = [line for _, examples in EXAMPLES.values() for line in examples]


def test_every_command_has_examples_and_no_other_name_has():
    assert set(COMMANDS) == set(EXAMPLES)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_list_of_commands_cuts_no_line_short(name):
    assert not COMMANDS[name].get_short_help_str(63).endswith("...")


@pytest.mark.parametrize("line", LINES)
def test_an_example_is_a_command_that_the_program_understands(line):
    program, name, *words = shlex.split(line.split(" > ")[0])
    assert program == "chokepoint"
    COMMANDS[name].make_context(name, words)  # raises for an unknown option or a bad value


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_help_of_a_command_shows_its_examples_line_by_line(name):
    command = COMMANDS[name]
    shown = command.get_help(command.make_context(name, [], resilient_parsing=True))
    assert all(f"\n    {line}\n" in f"{shown}\n" for line in EXAMPLES[name][1])
    assert words_of(name)["name"] == name
