import json
import os
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.case.errors import ConfigError
from sim.case.yamltext import MOST_ALIASED, MOST_BYTES, MOST_KEPT, read_file, read_text


def read(text):
    return read_text(text, "f.yaml").tree


def complaint(text):
    with pytest.raises(ConfigError) as caught:
        read(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("1e-3", 0.001),
        ("-2.5E2", -250.0),
        (".5", 0.5),
        ("1_000", 1000),
        ("0", 0),
        ("-7", -7),
        ("2018-01", "2018-01"),
        ("2018-01-15", date(2018, 1, 15)),
        ("12:30", "12:30"),
        ("0x1F", "0x1F"),
        ("'010'", "010"),
        ("'true'", "true"),
        ("~", None),
        ("1.2.3", "1.2.3"),
        ("1__0", "1__0"),
    ],
)
def test_a_word_is_read_as_people_mean_it(word, value):
    found = read(f"key: {word}")["key"]
    assert (found, type(found)) == (value, type(value))


def test_infinity_is_read_and_left_to_the_type_to_refuse():
    assert read("key: -.inf")["key"] == float("-inf")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 010", "f.yaml, line 1: a: 010 could be octal: write 10, or '010' in quotes"),
        ("a: 1\nday: 2018-02-30", "f.yaml, line 2: day: 2018-02-30 is no day of the calendar"),
        ("a: 1\nb: 2\na: 3", "f.yaml, line 3: the key 'a' appears twice (first in line 1)"),
        ("x:\n  a: 1\n  'a': 3", "f.yaml, line 3: x: the key 'a' appears twice"),
        ("a: 1\nb: !!python/object:os.system x", "f.yaml, line 2: b: the tag"),
        ("a: !!set {x, y}", "f.yaml, line 1: a: the tag"),
        ("a: 1\nb: [1, 2\nc: 3", "not valid YAML"),
        ("a: 1\n---\nb: 2", "a second document"),
        ("true: 1", "'true' cannot be a key: put it in quotes"),
        ("1.5: 1", "'1.5' cannot be a key"),
        ("? [a, b]\n: 1", "a key must be a word"),
        ("a: &x {p: 1}\nb:\n  <<: *x", "line 3: b: merge keys"),
        ("a: *nowhere", "'*nowhere' refers to nothing before it"),
        ("a: &x [*x]", "'*x' refers to nothing before it"),
        ("a: \0", "not valid YAML"),
        (f"a: {'9' * 500}", "a number of 500 characters is too long"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(text, message):
    assert message in complaint(text)


def test_every_value_knows_its_line():
    document = read_text("a:\n  b: 1\n  c:\n    - x\n    - y: 2\n", "f.yaml")
    lines = {trail: mark.line for trail, mark in document.marks.items()}
    assert lines == {
        (): 1, ("a",): 1, ("a", "b"): 2, ("a", "c"): 3,
        ("a", "c", 0): 4, ("a", "c", 1): 5, ("a", "c", 1, "y"): 5,
    }  # fmt: skip


def test_a_place_without_mark_takes_the_line_of_what_holds_it():
    document = read_text("a:\n  b: 1\n", "f.yaml")
    assert str(document.mark(("a", "b", "c", "d"))) == "f.yaml, line 2"


def test_an_alias_repeats_its_anchor_as_a_copy_of_its_own():
    tree = read("a: &x {p: [1, 2]}\nb: *x")
    tree["a"]["p"].append(3)
    assert tree["b"] == {"p": [1, 2]}


def test_an_alias_bomb_is_defused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert f"aliases grow to more than {MOST_ALIASED:,} values" in complaint("\n".join(lines))


def test_a_million_brackets_do_not_bring_the_process_down():
    assert "nested more than 50 levels deep" in complaint("[" * 1_000_000)


def test_a_file_of_a_hundred_megabytes_is_refused_without_being_read(tmp_path):
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(ConfigError, match=r"huge.yaml: the file has 100.0 MB; at most 5 MB"):
        read_file(path)


def test_a_file_just_within_the_limit_is_read(tmp_path):
    path = tmp_path / "long.yaml"
    path.write_text("a: 1 #" + "x" * (MOST_BYTES - 6))
    assert read_file(path).tree == {"a": 1}


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n"])
def test_an_empty_file_is_refused(tmp_path, text):
    path = tmp_path / "empty.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"empty.yaml, line 1: the file is empty"):
        read_file(path)


def test_a_list_at_the_top_is_refused(tmp_path):
    path = tmp_path / "list.yaml"
    path.write_text("- a\n- b\n")
    with pytest.raises(ConfigError, match="must hold keys with values"):
        read_file(path)


def test_text_that_is_not_utf8_is_refused_with_its_line(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes("a: 1\nname: Müller\n".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"latin.yaml, line 2: not UTF-8 text \(byte 0xfc\)"):
        read_file(path)


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path):
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_file(path).tree == {"a": 1}


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(ConfigError, match="not a file"):
        read_file(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(ConfigError, match="not a file"):
        read_file(tmp_path / "pipe.yaml")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"gone.yaml: no such file"):
        read_file(tmp_path / "gone.yaml")


_WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc"]))
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _WORDS
)
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=15,
)


@given(_TREES)
def test_whatever_json_says_is_read_as_it_says(tree):
    assert read(json.dumps(tree, ensure_ascii=False)) == tree


def told(reading, *args):
    """The complaint of a reader, or nothing; any other exception passes through."""
    try:
        reading(*args)
    except ConfigError as error:
        return str(error)
    return None


@given(st.text() | st.text(alphabet="ab:-[]{}&*!#'\"\n ,?|>%@0159.~<"))
def test_any_text_is_either_read_or_refused_with_its_line(text):
    complaint = told(read_text, text, "f.yaml")
    assert complaint is None or complaint.startswith("f.yaml, line ")


@given(st.binary(max_size=200))
def test_any_bytes_are_either_read_or_refused_with_their_line(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("fuzz") / "f.yaml"
    path.write_bytes(raw)
    complaint = told(read_file, path)
    assert complaint is None or "f.yaml, line " in complaint


def test_a_file_read_again_is_as_it_is_now_and_nobody_elses(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("lines: {phones: [1, 2]}\n")
    first = read_file(path)
    first.tree["lines"]["phones"].append(3)
    assert read_file(path).tree == {"lines": {"phones": [1, 2]}}
    path.write_text("lines: {phones: [4]}\n")
    assert read_file(path).tree == {"lines": {"phones": [4]}}


def test_a_file_too_long_to_be_kept_is_read_all_the_same(tmp_path):
    path = tmp_path / "long.yaml"
    path.write_text("".join(f"key_{n}: {n}\n" for n in range(MOST_KEPT // 10)))
    assert read_file(path).tree["key_7"] == 7
