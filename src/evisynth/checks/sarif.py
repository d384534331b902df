"""Findings as SARIF 2.1.0, which code hosts and editors show beside the lines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from evisynth.checks.explain import explain
from evisynth.checks.registry import by_code
from evisynth.errors import Finding

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(findings: Sequence[Finding], version: str) -> str:
    """Write findings as a SARIF log; acknowledged ones are suppressed results."""
    codes = sorted({finding.code for finding in findings})
    driver = {
        "name": "evisynth",
        "version": version,
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.code)) for finding in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rule(code: str) -> dict[str, Any]:
    check = by_code().get(code)
    if check is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.test},
        "help": {"text": check.fix, "markdown": explain(check)},
        "defaultConfiguration": {"level": check.level},
    }


def _uri(file: str) -> str:
    """Write a path as a URI reference, which holds no spaces, percent signs or letters beyond ASCII."""
    return quote(file.replace("\\", "/"), safe="/")


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    region = {"startLine": max(1, finding.line), "startColumn": max(1, finding.column)}
    location = {"artifactLocation": {"uri": _uri(finding.file)}, "region": region}
    text = finding.message + (f"; {finding.fix}" if finding.fix else "")
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.level,
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
    }
    if finding.acknowledged:
        justification = finding.fix.removeprefix("acknowledged: ")
        result["suppressions"] = [{"kind": "inSource", "justification": justification}]
    return result
