"""Whether a resection in patients with disease at several sites says which of them was resected."""

from __future__ import annotations

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import StudyView


def check_resected_site(view: StudyView) -> Outcomes:
    """Look for groups split into resected and not, whose disease lies at several sites."""
    for (whole, split), parts in view.splits.items():
        done = {view.group(part).intervention for part in parts}
        site = view.group(whole).site
        if site is None or len(parts) < 2 or len(done) < 2 or None in done:
            continue
        if not any(name is not None and name.startswith("no_") for name in done):
            continue
        term = view.vocabulary.term("site", site)
        if " and " not in term.label.lower():
            yield FINE
            continue
        first = view.group(parts[0])
        message = (
            f"patients of '{whole}' have disease at several sites ({term.label.lower()}); which of them "
            "the split by "
            f"{split} is about is not said"
        )
        yield Found(first.line, first.column, message, f"{whole} by {split}")


_EXAMPLE = """\
groups:
  all: {{label: All, n: 40, site: {site}, at: line 1}}
  yes: {{label: Resected, n: 20, of: all, by: resection, intervention: resection, at: line 1}}
  no: {{label: Not resected, n: 20, of: all, by: resection, intervention: no resection, at: line 1}}
"""

CHECKS = (
    Check(
        code="resected-site-not-said",
        level="note",
        title="A resection of nobody knows which site",
        applies_when="patients are split into resected and not resected",
        test="Their disease lies at one site, so that it is clear what was resected.",
        fix="say it in the tags of the parts if the source does: site:",
        failing=_EXAMPLE.format(site="liver and extrahepatic"),
        passing=_EXAMPLE.format(site="liver"),
        run=check_resected_site,
    ),
)
