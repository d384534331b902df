"""Taking a commit out of git: exactly its files, and nothing of the work tree is touched."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from evisynth.errors import ProjectError, UnknownNameError
from evisynth.pipeline import Revision, find_revision, take_out
from evisynth.pipeline.changes import sides as module

Git = Callable[..., str]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def state(repository: Path) -> dict[str, tuple[int, bytes]]:
    """Everything of a project and its repository, times included."""
    return {name: ((repository / name).stat().st_mtime_ns, content)
            for name, content in files(repository).items()}  # fmt: skip


def test_a_revision_is_taken_out_as_it_was_committed(repository, git, tmp_path_factory, edit) -> None:
    committed = {name: content for name, content in files(repository).items() if name.endswith(".yaml")}
    edit(repository / "studies" / "midgut-debulking.yaml", "88%", "79%")
    (repository / "studies" / "net-liver-surgery-34.yaml").unlink()
    before, target = state(repository), tmp_path_factory.mktemp("out")
    take_out(repository, find_revision(repository, "HEAD"), target)
    assert files(target) == committed
    assert state(repository) == before
    assert "D studies/net-liver-surgery-34.yaml" in git(repository, "status", "--short")


@pytest.mark.parametrize("attribute", ["export-ignore", "text eol=crlf", "export-subst"])
def test_no_attribute_comes_between(attribute: str, repository, git, tmp_path_factory) -> None:
    (repository / ".gitattributes").write_text(f"*.yaml {attribute}\n", encoding="utf-8")
    git(repository, "add", ".gitattributes")
    git(repository, "commit", "--quiet", "--message=attributes")
    target = tmp_path_factory.mktemp("out")
    take_out(repository, find_revision(repository, "HEAD"), target)
    name = "studies/midgut-debulking.yaml"
    assert (target / name).read_bytes() == (repository / name).read_bytes()


@pytest.mark.parametrize("name", ["HEAD", "v1.0", "main", "@", "HEAD^{commit}"])
def test_a_commit_is_found_by_any_name(name: str, repository, git) -> None:
    found = find_revision(repository, name)
    assert found.commit == git(repository, "rev-parse", "HEAD")
    assert found.shown == f"{name} ({found.commit[:7]})"


def test_a_commit_named_by_its_hash_is_shown_once(repository, git) -> None:
    commit = git(repository, "rev-parse", "HEAD")
    assert find_revision(repository, commit[:9]).shown == commit[:7]


def test_an_unknown_revision_gets_a_suggestion(repository) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown revision 'v1\.1'; did you mean 'v1\.0'"):
        find_revision(repository, "v1.1")


@pytest.mark.parametrize("name", ["--help", "-n", "", "HEAD:studies", "HEAD~1", "v1.0; touch here"])
def test_what_names_no_commit_is_refused(name: str, repository) -> None:
    with pytest.raises(UnknownNameError):
        find_revision(repository, name)
    assert not (repository / "here").exists()


def test_a_folder_outside_of_git_says_so(project) -> None:
    with pytest.raises(ProjectError, match="cannot be read as a git repository"):
        find_revision(project, "HEAD")


def test_a_repository_without_a_commit_says_so(project, git) -> None:
    git(project, "init", "--quiet")
    with pytest.raises(ProjectError, match="has no commit yet"):
        find_revision(project, "HEAD")


def test_without_git_the_way_out_is_named(project, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(project))
    with pytest.raises(ProjectError, match=r"git is not installed.*another project folder"):
        find_revision(project, "HEAD")


@pytest.mark.parametrize(
    ("gone", "told"), [("studies", "studies/"), ("evidence/vocabulary.yaml", "vocabulary.yaml")]
)
def test_a_revision_without_a_project_says_what_is_missing(
    gone: str, told: str, repository, git, tmp_path_factory
) -> None:
    git(repository, "rm", "-r", "--quiet", gone)
    git(repository, "commit", "--quiet", "--message=gone")
    with pytest.raises(ProjectError, match=f"HEAD .* has no .*{told}"):
        take_out(repository, find_revision(repository, "HEAD"), tmp_path_factory.mktemp("out"))


def test_a_project_deep_in_a_repository_is_found_there(project, git, tmp_path_factory) -> None:
    deep = tmp_path_factory.mktemp("review") / "meta" / "evidence-base"
    deep.parent.mkdir()
    project.rename(deep)
    git(deep.parent, "init", "--quiet")
    git(deep.parent, "add", ".")
    git(deep.parent, "commit", "--quiet", "--message=first")
    target = tmp_path_factory.mktemp("out")
    take_out(deep, find_revision(deep, "HEAD"), target)
    assert (target / "studies" / "midgut-debulking.yaml").is_file()
    assert not (target / "meta").exists()


def test_a_link_among_the_studies_is_not_followed(repository, git, tmp_path_factory) -> None:
    (repository / "studies" / "linked.yaml").symlink_to("midgut-debulking.yaml")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message=link")
    with pytest.raises(ProjectError, match=r"studies/linked\.yaml is a link in HEAD"):
        take_out(repository, find_revision(repository, "HEAD"), tmp_path_factory.mktemp("out"))


def test_a_name_beyond_ascii_and_an_empty_file_are_taken_out(repository, git, tmp_path_factory) -> None:
    (repository / "studies" / 'größe "x".yaml').write_bytes(b"")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message=names")
    target = tmp_path_factory.mktemp("out")
    take_out(repository, find_revision(repository, "HEAD"), target)
    assert (target / "studies" / 'größe "x".yaml').read_bytes() == b""


def test_content_that_git_does_not_have_is_an_error(repository, git, tmp_path_factory) -> None:
    content = git(repository, "rev-parse", "HEAD:studies/midgut-debulking.yaml")
    (repository / ".git" / "objects" / content[:2] / content[2:]).unlink()
    with pytest.raises(ProjectError, match="fetch the whole repository"):
        take_out(repository, find_revision(repository, "HEAD"), tmp_path_factory.mktemp("out"))


def test_a_hook_of_another_repository_does_not_mislead(repository, monkeypatch, tmp_path_factory) -> None:
    expected = find_revision(repository, "HEAD")
    monkeypatch.setenv("GIT_DIR", str(tmp_path_factory.mktemp("other") / ".git"))
    assert find_revision(repository, "HEAD") == expected


def test_no_command_goes_through_a_shell(repository, monkeypatch) -> None:
    commands = []
    real = module.subprocess.run

    def watched(command, **options):
        commands.append((command, options))
        return real(command, **options)

    monkeypatch.setattr(module.subprocess, "run", watched)
    find_revision(repository, "v1.0")
    assert commands
    assert all(isinstance(command, list) and not options.get("shell") for command, options in commands)


def test_revisions_are_values() -> None:
    assert Revision("v1.0", "a" * 40) == Revision("v1.0", "a" * 40)


def tree(git: Git, repository: Path, *entries: str) -> str:
    """Make a tree as git itself would never write one; each entry is ``MODE KIND HASH<tab>NAME``."""
    command = ["git", "-C", str(repository), "mktree"]
    done = subprocess.run(command, input="\n".join(entries), capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def hostile(repository: Path, git: Git) -> Callable[[str, str], Revision]:
    """Commit the evidence with one entry more under ``studies``."""

    def commit(entry: str, under: str = "studies") -> Revision:
        listed = [line for line in git(repository, "ls-tree", "HEAD").splitlines()
                  if line.partition("\t")[2] != under]  # fmt: skip
        folder = tree(git, repository, *git(repository, "ls-tree", f"HEAD:{under}").splitlines(), entry)
        root = tree(git, repository, *listed, f"040000 tree {folder}\t{under}")
        return Revision("hostile", git(repository, "commit-tree", root, "-m", "hostile"))

    return commit


def test_a_path_out_of_the_project_is_refused_before_anything_is_written(
    repository, git, hostile, tmp_path_factory
) -> None:
    place = tmp_path_factory.mktemp("deep")
    target = place / "one" / "two"
    target.mkdir(parents=True)
    blob = git(repository, "rev-parse", "HEAD:studies/midgut-debulking.yaml")
    written = tree(git, repository, f"100644 blob {blob}\tescaped.yaml")
    upper = tree(git, repository, f"040000 tree {written}\t..")
    for name, kind in ((".", written), ("..", written), ("..", upper)):
        revision = hostile(f"040000 tree {kind}\t{name}")
        with pytest.raises(ProjectError, match=r"holds the path 'studies/\.+/.*leads out of the project"):
            take_out(repository, revision, target)
        assert files(place) == {}


def test_an_absolute_path_is_refused(repository, git, tmp_path_factory) -> None:
    # No command of git writes a name with a slash; a tree is a list of b"MODE NAME\0HASH".
    blob = bytes.fromhex(git(repository, "rev-parse", "HEAD:studies/midgut-debulking.yaml"))
    target = tmp_path_factory.mktemp("out")
    content = f"100644 {target}/escaped.yaml".encode() + b"\0" + blob
    command = ["git", "-C", str(repository), "hash-object", "-t", "tree", "--literally", "-w", "--stdin"]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    listed = [line for line in git(repository, "ls-tree", "HEAD").splitlines() if "\tstudies" not in line]
    root = tree(git, repository, *listed, f"040000 tree {done.stdout.decode().strip()}\tstudies")
    revision = Revision("hostile", git(repository, "commit-tree", root, "-m", "hostile"))
    with pytest.raises(ProjectError, match="leads out of the project"):
        take_out(repository, revision, target)
    assert files(target) == {}


@pytest.mark.parametrize(
    ("name", "under"),
    [("linked.yaml", "studies"), ("linked.YML", "studies"), ("vocabulary.yaml", "evidence"),
     ("questions", "evidence")],
)  # fmt: skip
def test_a_link_is_refused_wherever_it_would_be_read(
    name: str, under: str, repository, git, tmp_path_factory
) -> None:
    secret = tmp_path_factory.mktemp("secret") / "secret.yaml"
    secret.write_text("secret: yes\n", encoding="utf-8")
    place, target = repository / under / name, tmp_path_factory.mktemp("out")
    git(repository, "rm", "-r", "--quiet", "--ignore-unmatch", f"{under}/{name}")
    place.symlink_to(secret)
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message=link")
    with pytest.raises(ProjectError, match=f"{under}/{name} is a link"):
        take_out(repository, find_revision(repository, "HEAD"), target)
    assert files(target) == {}


def test_a_name_that_cannot_be_written_is_an_error_and_no_crash(
    hostile, repository, git, tmp_path_factory
) -> None:
    blob = git(repository, "rev-parse", "HEAD:studies/midgut-debulking.yaml")
    revision = hostile(f"100644 blob {blob}\t{'x' * 300}.yaml")
    with pytest.raises(ProjectError, match="cannot be taken out of git"):
        take_out(repository, revision, tmp_path_factory.mktemp("out"))
