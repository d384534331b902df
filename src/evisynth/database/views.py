"""The documented views: one row a reported number, a comparison, a group, a study, a judgement.

``evisynth query --sql`` is meant for these; their columns keep their names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evisynth.database.table import comment_statements


@dataclass(frozen=True, slots=True)
class View:
    """A view: its query, what one row is, and what each column holds."""

    name: str
    comment: str
    query: str
    columns: dict[str, str]


#: A comparison is counted from where the study counts the outcome, when it counts it from one start only.
_ONE_CLOCK = """(SELECT any_value(w.starts) FROM outcome_block w
            WHERE w.study_id = f.study_id AND w.outcome_id = f.outcome_id AND f.comparison_no IS NOT NULL
            HAVING count(DISTINCT coalesce(w.starts, '')) = 1)"""
_PRINTED_N = (
    "CASE WHEN g.n_state = 'reported' AND g.n_qualifier = '=' AND g.n_worked_out IS NULL THEN g.n_count END"
)
_ADJUSTED = "CASE WHEN len({0}) > 0 THEN array_to_string({0}, ', ') END"
_OTHERS = """
    SELECT c.study_id, c.comparison_no,
           coalesce(list(m.group_id ORDER BY m.position) FILTER (m.position > 1), []) AS others,
           coalesce(list(m.group_id ORDER BY m.position) FILTER (m.position IS NOT NULL), []) AS groups
    FROM comparison c LEFT JOIN comparison_group m USING (study_id, comparison_no)
    GROUP BY c.study_id, c.comparison_no"""

REPORTED_OUTCOMES = View(
    "reported_outcomes",
    "One row a printed number. Months, proportions 0 to 1, patients; NULL where the source is silent.",
    f"""
    SELECT f.study_id AS study, f.group_id AS "group",
        g.label || coalesce(', by ' || c.split, '') AS group_label,
        CASE WHEN NOT f.n_not_reported THEN coalesce(f.n, f.denominator, {_PRINTED_N}) END AS n,
        f.outcome_id AS outcome, f.statistic, f.time_months, f.value, f.ci_lower, f.ci_upper, f.level,
        f.qualifier, f.state, f.unit, o.others AS compared_with, f.as_reported, f.source_location,
        s.file || ':' || f.file_line AS file_location, f.lower, f.upper,
        coalesce({_ADJUSTED.format("b.adjusted_for")}, {_ADJUSTED.format("c.adjusted_for")}) AS adjusted,
        g.role, f.half_unit, f.ci_lower_half_unit, f.ci_upper_half_unit, f.ci_upper_state, f.spread, f.sd,
        f.denominator, b.method, coalesce(b.starts, c.starts, {_ONE_CLOCK}) AS starts, b.label,
        c.read_as, c.basis, c.test, c.favours,
        f.n_not_reported, c.within_group, c.split, f.block_no, f.comparison_no, f.figure_no,
        r.value::INTEGER AS at_risk, r.qualifier AS at_risk_qualifier, r.as_reported AS at_risk_as_reported,
        r.source_location AS at_risk_source_location, s.file || ':' || r.file_line AS at_risk_file_location,
        f.perhaps, f.perhaps_half_unit, f.perhaps_as_reported, f.perhaps_because
    FROM reported_figure f
    JOIN study s USING (study_id)
    JOIN study_group g USING (study_id, group_id)
    LEFT JOIN outcome_block b USING (study_id, block_no)
    LEFT JOIN comparison c ON c.study_id = f.study_id AND c.comparison_no = f.comparison_no
    LEFT JOIN ({_OTHERS}) o ON o.study_id = f.study_id AND o.comparison_no = f.comparison_no
    LEFT JOIN reported_figure r ON r.study_id = f.study_id AND r.beside_figure_no = f.figure_no
        AND r.state = 'reported' AND r.worked_out IS NULL
    WHERE f.worked_out IS NULL""",
    {
        "study": "Study.",
        "group": "Group; of a comparison the first.",
        "group_label": "What the group is, and by what its patients are compared where groups are not named.",
        "n": "Patients the number is based on, when printed.",
        "outcome": "Outcome of the vocabulary.",
        "statistic": "median, survival, at_risk, proportion, count, mean, range, hazard_ratio, p_value, ...",
        "time_months": "Time or window that it is for.",
        "value": "The number, in the unit.",
        "ci_lower": "Lower confidence limit.",
        "ci_upper": "Upper confidence limit.",
        "level": "Confidence level.",
        "qualifier": "=, <, <=, >, >= or ~.",
        "state": "reported, not_reached or not_reported.",
        "unit": "months, proportion, patients, ratio, probability, or another word.",
        "compared_with": "The other groups of a comparison, empty when not named; NULL for no comparison.",
        "as_reported": "As written in the study file.",
        "source_location": "Place in the source.",
        "file_location": "Study file and line.",
        "lower": "Lower end of a range or of quartiles.",
        "upper": "Upper end of a range or of quartiles.",
        "adjusted": "What it is adjusted for.",
        "role": "own, external or background.",
        "half_unit": "Half of the last printed digit.",
        "ci_lower_half_unit": "Half of the last printed digit of the lower limit.",
        "ci_upper_half_unit": "Half of the last printed digit of the upper limit.",
        "ci_upper_state": "Whether the upper limit was reached.",
        "spread": "range, iqr, sd or se.",
        "sd": "Standard deviation or standard error, as spread says.",
        "denominator": "Patients in the denominator, printed with the number.",
        "method": "How the outcome was estimated.",
        "starts": "When the clock starts.",
        "label": "What the source calls the outcome.",
        "read_as": "What a ratio is, where the source calls it otherwise.",
        "basis": "Whether what is compared is stated or inferred.",
        "test": "Test of a comparison.",
        "favours": "Group that does better, as the source says.",
        "n_not_reported": "True when the number is not based on all patients of the group.",
        "within_group": "Group inside which patients are compared, when no groups are named.",
        "split": "By what patients are compared inside that group.",
        "block_no": "Outcome block of the study file.",
        "comparison_no": "Comparison of the study file.",
        "figure_no": "Order in the study file.",
        "at_risk": "Patients at risk at the time of a survival rate, printed beside it.",
        "at_risk_qualifier": "How exact that number is.",
        "at_risk_as_reported": "That number as written in the study file.",
        "at_risk_source_location": "Its place in the source.",
        "at_risk_file_location": "Its study file and line.",
        "perhaps": "What the reader suspects that a misprinted number should be; it was not printed.",
        "perhaps_half_unit": "Half of the last digit of what is suspected.",
        "perhaps_as_reported": "What is suspected, as written in the study file.",
        "perhaps_because": "Why a misprint is suspected.",
    },
)

_RATIOS = ("p_value", "hazard_ratio", "odds_ratio", "risk_ratio", "difference")
_RATIO_COLUMNS = ", ".join(
    f"max(f.as_reported) FILTER (f.statistic = '{name}') AS {name}" for name in _RATIOS
)

COMPARISONS = View(
    "comparisons",
    "One row a comparison that a study reports, with its figures as printed.",
    f"""
    SELECT c.study_id AS study, c.comparison_no, c.outcome_id AS outcome, o.groups, c.within_group, c.split,
        c.time_months, {", ".join(f"f.{name}" for name in _RATIOS)}, c.read_as, c.test,
        {_ADJUSTED.format("c.adjusted_for")} AS adjusted, c.basis, c.reads, c.favours, c.source_location,
        s.file || ':' || c.file_line AS file_location
    FROM comparison c
    JOIN study s USING (study_id)
    JOIN ({_OTHERS}) o USING (study_id, comparison_no)
    LEFT JOIN (SELECT f.study_id, f.comparison_no, {_RATIO_COLUMNS} FROM reported_figure f GROUP BY ALL) f
        USING (study_id, comparison_no)""",
    {
        "study": "Study.",
        "comparison_no": "Order in the study file.",
        "outcome": "Outcome of the vocabulary.",
        "groups": "Groups compared, the index group first; one when the other is not named.",
        "within_group": "Group inside which patients are compared, when no groups are named.",
        "split": "By what patients are compared inside that group.",
        "time_months": "Time for which the comparison is made.",
        "p_value": "p-value as written.",
        "hazard_ratio": "Hazard ratio as written.",
        "odds_ratio": "Odds ratio as written.",
        "risk_ratio": "Risk ratio as written.",
        "difference": "Difference as written.",
        "read_as": "What the ratio is, where the source calls it otherwise.",
        "test": "Test, as stated.",
        "adjusted": "What it is adjusted for.",
        "basis": "stated, inferred or unclear.",
        "reads": "Why it was read so.",
        "favours": "Group that does better, as the source says.",
        "source_location": "Place in the source.",
        "file_location": "Study file and line.",
    },
)

GROUPS = View(
    "groups",
    "One row a group of patients, with the groups that hold it and its tags, inherited ones included.",
    f"""
    SELECT g.study_id AS study, g.group_id AS "group", g.label, g.role, {_PRINTED_N} AS n,
        p.whole_id AS part_of, p.split, a.ancestors, len(a.ancestors) - 1 AS depth,
        t.intervention, t.extent, t.site, t.population, g.n_as_reported, g.n_state, g.n_qualifier,
        g.n_value, g.n_unit, g.n_half_unit, g.n_count, g.n_worked_out, g.n_location,
        g.source_location, s.file || ':' || g.file_line AS file_location, g.position
    FROM study_group g
    JOIN study s USING (study_id)
    LEFT JOIN group_part p USING (study_id, group_id)
    JOIN (SELECT study_id, group_id, list(ancestor_id ORDER BY depth) AS ancestors
          FROM group_ancestor GROUP BY ALL) a USING (study_id, group_id)
    LEFT JOIN (SELECT study_id, group_id,
              max(term_id) FILTER (kind = 'intervention') AS intervention,
              max(term_id) FILTER (kind = 'extent') AS extent,
              max(term_id) FILTER (kind = 'site') AS site,
              max(term_id) FILTER (kind = 'population') AS population
          FROM group_tag GROUP BY ALL) t USING (study_id, group_id)""",
    {
        "study": "Study.",
        "group": "Group.",
        "label": "What the group is.",
        "role": "own, external or background.",
        "n": "Number of patients, when printed.",
        "part_of": "Group that it is part of.",
        "split": "By what that group was split.",
        "ancestors": "The group itself and those that hold it, upwards.",
        "depth": "Steps below the outermost group.",
        "intervention": "Intervention, own or inherited.",
        "extent": "Extent, own or inherited.",
        "site": "Site of metastases, own or inherited.",
        "population": "Population, own or inherited.",
        "n_as_reported": "Number of patients as written in the study file.",
        "n_state": "Whether it is reported.",
        "n_qualifier": "How exact it is.",
        "n_value": "Patients, or share of the group that this is part of.",
        "n_unit": "patients or proportion.",
        "n_half_unit": "Half of the last printed digit of a share.",
        "n_count": "Patients, where a whole number is given.",
        "n_worked_out": "How the reader worked it out.",
        "n_location": "Place in the source of the number of patients.",
        "source_location": "Place in the source.",
        "file_location": "Study file and line.",
        "position": "Order in the study file.",
    },
)

STUDIES = View(
    "studies",
    "One row a study: the publication, its patients, and how much it reports.",
    """
    SELECT s.study_id AS study, s.label, s.kind, s.title, a.authors, s.journal, s.year, s.volume, s.issue,
        s.pages, s.doi, s.pmid, s.url, s.report_of, s.design, s.institution, s.registry,
        CASE WHEN s.accrual_start IS NOT NULL THEN s.accrual_start || ' to ' || s.accrual_end END AS accrual,
        s.follow_up_median_months, s.follow_up_method, s.follow_up_minimum_months,
        s.screened, s.disease, s.excluded, coalesce(o.overlaps, []) AS overlapping_studies,
        (SELECT count(*) FROM study_group g WHERE g.study_id = s.study_id) AS group_count,
        (SELECT count(*) FROM reported_figure f
         WHERE f.study_id = s.study_id AND f.worked_out IS NULL) AS figure_count,
        s.internal_contradiction, s.file, s.file_sha256, s.text_sha256
    FROM study s
    LEFT JOIN (SELECT study_id, list(name ORDER BY position) AS authors
               FROM author GROUP BY ALL) a USING (study_id)
    LEFT JOIN (SELECT study_id, list(with_study ORDER BY with_study) AS overlaps
               FROM overlap WHERE extent <> 'none' GROUP BY ALL) o USING (study_id)""",
    {
        "study": "Study.",
        "label": "Its name in figures, where the file gives one.",
        "kind": "Kind of publication.",
        "title": "Title as printed.",
        "authors": "Authors as cited.",
        "journal": "Journal or meeting.",
        "year": "Year of publication.",
        "volume": "Volume.",
        "issue": "Issue.",
        "pages": "Pages.",
        "doi": "Digital object identifier.",
        "pmid": "PubMed identifier.",
        "url": "Address.",
        "report_of": "Study that reports on the same patients.",
        "design": "Design, as stated.",
        "institution": "Institution.",
        "registry": "Registry.",
        "accrual": "Years of accrual.",
        "follow_up_median_months": "Median follow-up.",
        "follow_up_method": "How it was computed.",
        "follow_up_minimum_months": "Shortest follow-up.",
        "screened": "Patients screened.",
        "disease": "Disease and how patients were chosen.",
        "excluded": "Who was excluded.",
        "overlapping_studies": "Studies that share patients with it, as its own file says.",
        "group_count": "Number of groups.",
        "figure_count": "Number of printed figures.",
        "internal_contradiction": "Finding that figures of this unreviewed source cannot all be true.",
        "file": "Study file.",
        "file_sha256": "SHA-256 of the study file.",
        "text_sha256": "SHA-256 of the text that was read.",
    },
)

RISK_OF_BIAS = View(
    "risk_of_bias",
    "One row a domain of a tool that a study was judged by, and one over all domains (domain overall).",
    """
    SELECT a.study_id AS study, a.tool, o.outcome, a.split AS compared_by, j.domain,
        CASE WHEN j.position = 0 THEN NULL ELSE j.position END AS domain_no, j.judgement, j.because,
        j.source_location, s.file || ':' || coalesce(j.file_line, a.file_line) AS file_location,
        a.assessment_no, j.position
    FROM bias_assessment a
    JOIN study s USING (study_id)
    JOIN bias_judgement j USING (study_id, assessment_no)
    JOIN (SELECT study_id, assessment_no,
              unnest(CASE WHEN len(outcomes) > 0 THEN outcomes ELSE [NULL] END) AS outcome
          FROM bias_assessment) o USING (study_id, assessment_no)""",
    {
        "study": "Study.",
        "tool": "Tool that the judgement follows.",
        "outcome": "Outcome that it is about; NULL: every outcome that no other row of the tool names.",
        "compared_by": "Split of groups whose parts it compares; NULL: any comparison.",
        "domain": "Domain of the tool, or overall.",
        "domain_no": "Place of the domain in its tool, from 1; NULL for overall.",
        "judgement": "Judgement in the word of the tool; NULL: not judged.",
        "because": "Why it was judged so.",
        "source_location": "Place in the source.",
        "file_location": "Study file and line.",
        "assessment_no": "Assessment of the study file.",
        "position": "Order in the assessment: overall is 0.",
    },
)

VIEWS: tuple[View, ...] = (REPORTED_OUTCOMES, COMPARISONS, GROUPS, STUDIES, RISK_OF_BIAS)


def view_statements() -> Iterator[str]:
    """Give the SQL that makes every view, with its comments."""
    for view in VIEWS:
        yield f"CREATE VIEW {view.name} AS {view.query}"
        yield from comment_statements("VIEW", view.name, view.comment, view.columns)
