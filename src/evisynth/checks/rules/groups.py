"""Checks of groups and their parts: sums, sizes that follow, the resected site."""

from __future__ import annotations

from itertools import pairwise

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import StudyView
from evisynth.wording import counted, rounded_percent

#: Groups of very unequal size are told where one patient moves the smaller one's rate by more than this.
_UNEQUAL, _MOVES = 5.0, 0.03


def check_group_sum(view: StudyView) -> Outcomes:
    """Compare the sizes of the parts of each split with the size of the whole."""
    for (whole_id, split), parts in view.splits.items():
        whole, sizes = view.size(whole_id), [view.size(part) for part in parts]
        known = [size for size in sizes if size is not None and size.known]
        if whole is None or not whole.known or not known or _only_shares(view, parts):
            continue
        least, most = sum(size.least for size in known), sum(size.most for size in known)
        complete = len(known) == len(parts) and view.exhaustive(whole_id, split)
        if least <= whole.most and (most >= whole.least or not complete):
            yield FINE
            continue
        how = "more" if least > whole.most else "less"
        total = str(least) if least == most else f"{least} to {most}"
        size = str(whole.least) if whole.exact is not None else f"{whole.least} to {whole.most}"
        group = view.group(whole_id)
        fix = f"compare with the source; where parts do not cover the whole: not_exhaustive: [{split}]"
        yield Found(
            group.line,
            group.column,
            f"the parts of '{whole_id}' by {split} add up to {total}, {how} than its {size}",
            f"{whole_id} by {split}: {total} of {size}",
            fix if how == "less" else "compare every number with the source",
            doubtful=how == "less",  # a part may be left out, or a patient unknown
        )


def _all_shares(view: StudyView, parts: list[str]) -> bool:
    figures = [view.group(part).n for part in parts]
    return all(figure is not None and figure.quantity.unit == "proportion" for figure in figures)


def _only_shares(view: StudyView, parts: list[str]) -> bool:
    """Say whether the parts are printed as percentages without their counts, which are added up as such."""
    figures = [view.group(part).n for part in parts]
    return _all_shares(view, parts) and all(
        figure is not None and figure.quantity.count is None for figure in figures
    )


def check_percent_sum(view: StudyView) -> Outcomes:
    """Add up the percentages of a split that covers its whole."""
    for (whole_id, split), parts in view.splits.items():
        if len(parts) < 2 or not _all_shares(view, parts) or not view.exhaustive(whole_id, split):
            continue
        quantities = [figure.quantity for part in parts if (figure := view.group(part).n) is not None]
        if any(quantity.qualifier != "=" or quantity.value is None for quantity in quantities):
            continue
        total = sum(quantity.value or 0.0 for quantity in quantities)
        allowed = sum(quantity.half_unit or 0.0 for quantity in quantities)
        if abs(total - 1) <= allowed + 1e-9:
            yield FINE
            continue
        first = view.group(parts[0])
        printed = " + ".join(quantity.as_reported for quantity in quantities)
        message = f"the parts of '{whole_id}' by {split} add up to {rounded_percent(total)}: {printed}"
        about = f"{whole_id} by {split}: {printed}"
        yield Found(first.line, first.column, message, about, doubtful=total < 1)


def is_loose_part(view: StudyView, name: str) -> bool:
    """Say whether a group without a size has fellow parts of known size that do not leave it the rest."""
    group = view.group(name)
    if group.n is not None or group.of is None or group.by is None or view.exhaustive(group.of, group.by):
        return False
    fellows = view.splits[group.of, group.by]
    return any(view.group(part).n is not None and view.size(part) is not None for part in fellows)


def check_complement(view: StudyView) -> Outcomes:
    """Look for groups without a size whose fellow parts are known but do not leave them the rest."""
    used = {one.group for one in view.figures} | {
        name for block in view.study.comparisons for name in block.of
    }
    for name, group in view.study.groups.items():
        size = view.size(name)
        if name not in used or size is None or not is_loose_part(view, name):
            continue
        rest = f"is not simply the rest of '{group.of}': at most {size.most}"
        message = f"'{name}' has no size of its own, and {rest}"
        yield Found(group.line, group.column, message, f"{name}: at most {size.most}")


def check_unequal_groups(view: StudyView) -> Outcomes:
    """Compare the sizes of parts of one split that have figures of the same outcome."""
    outcomes: dict[str, set[str]] = {}
    for one in view.figures:
        outcomes.setdefault(one.group, set()).add(one.outcome.id)
    for (_, split), parts in view.splits.items():
        sized = sorted((size, part) for part in parts if (size := view.exact_size(part)) and part in outcomes)
        if len(sized) < 2:
            continue
        (least, small), (most, large) = sized[0], sized[-1]
        if not outcomes[small] & outcomes[large]:
            continue
        if most < _UNEQUAL * least or 1 / least <= _MOVES:
            yield FINE
            continue
        group = view.group(small)
        message = (
            f"'{small}' has {counted(least, 'patient')} against {most} in '{large}': one of them "
            f"moves its rates by {rounded_percent(1 / least, 0)}"
        )
        yield Found(group.line, group.column, message, f"by {split}: {small} {least}, {large} {most}")


def check_nested_sizes(view: StudyView) -> Outcomes:
    """Compare a share's candidate counts with the size of every group above."""
    for name in view.study.groups:
        chain = [size for part in view.within(name) if (size := view.size(part)) is not None and size.known]
        if len(chain) < 2:
            continue
        if all(part.least <= whole.most for part, whole in pairwise(chain)):
            yield FINE
            continue
        group = view.group(name)
        sizes = ", ".join(str(size.least) for size in chain)
        message = f"'{name}' has more patients than a group it is part of: {sizes}"
        yield Found(group.line, group.column, message, f"{name}: {chain[0].least}")


_GROUP_SUMS_CHECKS = (
    Check(
        code="group-sum",
        level="warning",
        title="Parts that do not add up to their whole",
        applies_when="a group is split into parts whose sizes are known",
        test="The sizes of the parts, or the counts behind their percentages, add up to the size of the "
        "whole; "
        "to no more than it where the file says that the parts do not cover it.",
        formula="sum n(part) = n(whole)",
        fix="compare with the source; where parts do not cover the whole, say not_exhaustive:",
        failing="""\
groups:
  all: {label: All, n: 100, at: line 1}
  yes: {label: Resected, n: 60, of: all, by: resection, at: line 1}
  no: {label: Not resected, n: 50, of: all, by: resection, at: line 1}
""",
        passing="""\
groups:
  all: {label: All, n: 100, at: line 1}
  yes: {label: Resected, n: 60, of: all, by: resection, at: line 1}
  no: {label: Not resected, n: 40, of: all, by: resection, at: line 1}
""",
        run=check_group_sum,
        contradiction=True,
    ),
    Check(
        code="percent-sum",
        level="warning",
        title="Percentages of a split that do not make 100",
        applies_when="every part of a split that covers its whole is printed as a percentage",
        test="The percentages add up to 100, give or take half of the last digit of each.",
        formula="|sum p - 100%| <= k h, h half of the last printed digit, k parts",
        fix="compare with the source; where parts do not cover the whole, say not_exhaustive:",
        failing="""\
groups:
  all: {label: All, n: 34, at: line 1}
  alone: {label: Resection alone, n: 68%, of: all, by: operation, at: line 1}
  both: {label: Resection and ablation, n: 38%, of: all, by: operation, at: line 1}
""",
        passing="""\
groups:
  all: {label: All, n: 34, at: line 1}
  alone: {label: Resection alone, n: 68%, of: all, by: operation, at: line 1}
  both: {label: Resection and ablation, n: 32%, of: all, by: operation, at: line 1}
""",
        run=check_percent_sum,
        contradiction=True,
    ),
    Check(
        code="nested-size",
        level="warning",
        title="A part larger than what it is part of",
        applies_when="a group has a size, and so has a group it is part of",
        test="No group can have more patients than a group above it, percentages and worked-out sizes "
        "included.",
        fix="compare both numbers with the source, and look at of:",
        failing="""\
groups:
  all: {label: All, n: 20, at: line 1}
  some: {label: Some, of: all, n: {value: 24, worked_out: counted in a figure}, by: site, at: line 1}
""".replace("{value: 24, worked_out: counted in a figure}", "about 30"),
        passing="""\
groups:
  all: {label: All, n: 20, at: line 1}
  some: {label: Some, of: all, n: about 10, by: site, at: line 1}
  rest: {label: Rest, of: all, n: about 10, by: site, at: line 1}
""",
        run=check_nested_sizes,
        contradiction=True,
    ),
    Check(
        code="size-is-not-the-rest",
        level="warning",
        title="A group without a size that is not the rest of its whole",
        applies_when="a part has no size, its fellow parts have, and the file says that the parts do not "
        "cover "
        "the whole",
        test="Such a part has at most what the others leave; taking it for all of the rest would be a guess.",
        fix="nothing to mend unless the source prints its size",
        failing="""\
groups:
  all: {label: All, n: 50, at: line 1, not_exhaustive: [extent]}
  complete: {label: Complete, n: 56%, of: all, by: extent, at: line 1}
  debulked: {label: Incomplete but over 90%, of: all, by: extent, at: line 1}
outcomes:
  - outcome: OS
    starts: operation
    at: line 2
    values:
      debulked: {median: 7.1 years (95% CI 5.2 to 9.0)}
""",
        passing="""\
groups:
  all: {label: All, n: 50, at: line 1, not_exhaustive: [extent]}
  complete: {label: Complete, n: 56%, of: all, by: extent, at: line 1}
  debulked: {label: Incomplete but over 90%, n: 20, of: all, by: extent, at: line 1}
""",
        run=check_complement,
    ),
    Check(
        code="unequal-groups",
        level="warning",
        title="Groups of very unequal size set side by side",
        applies_when="parts of one split have figures of the same outcome",
        test="The largest part has at most five times the patients of the smallest, or one patient moves "
        f"the rates of the smallest by no more than {_MOVES:.0%}.",
        formula=f"n(largest) / n(smallest) < 5, or 1 / n(smallest) <= {_MOVES:g}",
        fix="nothing to mend; read the smaller group's rates with its size in mind",
        failing="""\
groups:
  all: {label: All, n: 37, at: line 1}
  yes: {label: Resected, n: 31, of: all, by: resection, at: line 1}
  no: {label: Not resected, n: 6, of: all, by: resection, at: line 1}
outcomes:
  - outcome: major complications
    at: line 2
    values:
      yes: {count: 3}
      no: {count: 1}
""",
        passing="""\
groups:
  all: {label: All, n: 37, at: line 1}
  yes: {label: Resected, n: 21, of: all, by: resection, at: line 1}
  no: {label: Not resected, n: 16, of: all, by: resection, at: line 1}
outcomes:
  - outcome: major complications
    at: line 2
    values:
      yes: {count: 3}
      no: {count: 1}
""",
        run=check_unequal_groups,
    ),
)


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


_EXAMPLE_OF_SITES = """\
groups:
  all: {{label: All, n: 40, site: {site}, at: line 1}}
  yes: {{label: Resected, n: 20, of: all, by: resection, intervention: resection, at: line 1}}
  no: {{label: Not resected, n: 20, of: all, by: resection, intervention: no resection, at: line 1}}
"""

_RESECTED_SITE_CHECKS = (
    Check(
        code="resected-site-not-said",
        level="note",
        title="A resection of nobody knows which site",
        applies_when="patients are split into resected and not resected",
        test="Their disease lies at one site, so that it is clear what was resected.",
        fix="say it in the tags of the parts if the source does: site:",
        failing=_EXAMPLE_OF_SITES.format(site="liver and extrahepatic"),
        passing=_EXAMPLE_OF_SITES.format(site="liver"),
        run=check_resected_site,
    ),
)


CHECKS: tuple[Check, ...] = (*_GROUP_SUMS_CHECKS, *_RESECTED_SITE_CHECKS)
