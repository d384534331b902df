"""The page of a check, written from its own data."""

from __future__ import annotations

from collections.abc import Iterable

from evisynth.checks.check import Check

_SCOPES = {
    "study": "one study",
    "collection": "all studies together",
    "source": "a study and its source text",
}


def explain(check: Check) -> str:
    """Write what a check does, on what ground, and an example of each kind, as Markdown."""
    parts = [
        f"# {check.code}",
        f"{check.title}. Level: {check.level}. Looks at {_SCOPES[check.scope]}.",
        f"**Applies when** {check.applies_when}.",
        f"**Tests.** {check.test}",
    ]
    if check.formula:
        parts.append(f"**Formula.** `{check.formula}`")
    if check.source:
        parts.append(f"**Source.** {check.source}.")
    parts += [
        f"**What to do.** {check.fix[:1].upper()}{check.fix[1:]}.",
        f"**Found in**\n\n```yaml\n{check.failing.rstrip()}\n```",
        f"**Fine**\n\n```yaml\n{check.passing.rstrip()}\n```",
        "A finding that was looked at is acknowledged in the study file, with what it speaks of and why; "
        "it comes back "
        "when that changes:\n\n"
        f'```yaml\nacknowledged:\n  - {{finding: {check.code}, about: "...", because: "..."}}\n```',
    ]
    return "\n\n".join(parts) + "\n"


def list_checks(checks: Iterable[Check]) -> list[dict[str, str]]:
    """Describe every check in a row."""
    return [
        {"code": check.code, "level": check.level, "looks at": _SCOPES[check.scope], "title": check.title}
        for check in checks
    ]
