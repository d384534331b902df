"""YAML as text: nothing is guessed from its looks, and every node stands where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings, strategies as st

from evisynth.errors import FindingsError
from evisynth.reading import Mapping, Node, Scalar, read_yaml_file, yaml_nodes


def read(folder: Path, text: str) -> Mapping:
    path = folder / "file.yaml"
    path.write_bytes(text.encode("utf-8"))
    file = read_yaml_file(path, "file.yaml")
    file.findings.raise_if_any()
    return file.root


def plain(node: Node) -> object:
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    return str(node) if isinstance(node, Scalar) else [plain(item) for item in node]


def located(node: Node) -> object:
    """A node with the place of it and of everything in it."""
    if isinstance(node, Mapping):
        return node.line, node.column, [(located(key), located(value)) for key, value in node.named()]
    if isinstance(node, Scalar):
        return node.line, node.column, str(node), node.style
    return node.line, node.column, [located(item) for item in node]


def test_every_scalar_is_the_text_that_was_typed(tmp_path: Path) -> None:
    words = [
        "0.10",
        "no",
        "010",
        "1:30",
        "1e-4",
        "2024-01-02",
        "~",
        "0x1F",
        "1_000",
        "true",
        "< 0.05",
        "null",
    ]
    root = read(tmp_path, "".join(f"k{number}: {word}\n" for number, word in enumerate(words)))
    assert plain(root) == {f"k{number}": word for number, word in enumerate(words)}
    assert plain(read(tmp_path, "on: 1\n000: 2\n")) == {"on": "1", "000": "2"}


def test_nodes_know_line_and_column(tmp_path: Path) -> None:
    root = read(tmp_path, "a:\n  - {b: c, d: 'e'}\n  -   f\n")
    first, second = root["a"]
    assert isinstance(first, Mapping) and isinstance(second, Scalar)
    nodes = [node for entry in first.named() for node in entry]
    places = [(node.line, node.column) for node in (*nodes, second)]
    assert places == [(2, 6), (2, 9), (2, 12), (2, 15), (3, 7)]
    assert (first.line, first.column, first.name) == (2, 5, None)
    assert (first["d"], first["d"].style, first["b"].style) == ("e", "'", None)


def test_the_pure_python_parser_reads_the_same(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = sorted((root / "studies").glob("*.yaml"))
    with_libyaml = [located(read_yaml_file(path, path.name).root) for path in paths]
    monkeypatch.setattr(yaml_nodes.yaml, "__with_libyaml__", False)
    assert [located(read_yaml_file(path, path.name).root) for path in paths] == with_libyaml
    assert all(with_libyaml)


def test_a_list_at_the_top_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        read(tmp_path, "# a comment\n- a\n- b\n")
    (finding,) = caught.value.findings
    assert (finding.code, finding.line, finding.column) == ("not-a-mapping", 2, 1)


def test_a_directive_and_document_marks_are_harmless(tmp_path: Path) -> None:
    assert plain(read(tmp_path, "%YAML 1.2\n---\na: b\n...\n")) == {"a": "b"}


words = st.text("abcÄé😀 0123.%-", min_size=1, max_size=12).map(str.strip).filter(bool)
trees = st.recursive(
    words,
    lambda children: st.one_of(st.lists(children, max_size=4), st.dictionaries(words, children, max_size=4)),
    max_leaves=20,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(tree=st.dictionaries(words, trees, min_size=1, max_size=4), flow=st.sampled_from([None, True, False]))
def test_what_is_written_is_read(tree: dict[str, object], flow: bool | None, tmp_path: Path) -> None:
    text = yaml.safe_dump(tree, default_style='"', default_flow_style=flow, allow_unicode=True, width=10_000)
    assert plain(read(tmp_path, text)) == tree
