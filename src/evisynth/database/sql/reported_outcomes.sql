-- One row a number, printed or worked out by the reader. Months, proportions 0 to 1, patients; NULL where the source is silent.
CREATE VIEW reported_outcomes AS
WITH compared AS (
    SELECT study_id, comparison_no, list(group_id ORDER BY position) AS groups
    FROM comparison_group
    GROUP BY ALL
),
-- A comparison is counted from where the study counts the outcome, when it counts it from one start only.
one_clock AS (
    SELECT study_id, outcome_id, any_value(starts) AS starts
    FROM outcome_block
    GROUP BY ALL
    HAVING count(DISTINCT coalesce(starts, '')) = 1
)
SELECT
    f.study_id AS study,  -- Study.
    f.group_id AS "group",  -- Group; of a comparison the first.
    g.label || coalesce(', by ' || c.split, '')
        AS group_label,  -- What the group is, and by what its patients are compared where groups are not named.
    CASE WHEN NOT f.n_not_reported THEN coalesce(f.n, f.denominator, g.n) END
        AS n,  -- Patients the number is based on, when printed.
    f.outcome_id AS outcome,  -- Outcome of the vocabulary.
    f.statistic,  -- median, survival, at_risk, proportion, count, mean, range, hazard_ratio, p_value, ...
    f.time_months,  -- Time or window that it is for.
    f.value,  -- The number, in the unit.
    f.ci_lower,  -- Lower confidence limit.
    f.ci_upper,  -- Upper confidence limit.
    f.level,  -- Confidence level.
    f.qualifier,  -- =, <, <=, >, >= or ~.
    f.state,  -- reported, not_reached or not_reported.
    f.unit,  -- months, proportion, patients, ratio, probability, or another word.
    CASE WHEN f.comparison_no IS NOT NULL THEN coalesce(m.groups[2:], []) END
        AS compared_with,  -- The other groups of a comparison, empty when not named; NULL for no comparison.
    f.as_reported,  -- As written in the study file.
    f.source_location,  -- Place in the source.
    s.file || ':' || f.file_line AS file_location,  -- Study file and line.
    f.lower,  -- Lower end of a range or of quartiles.
    f.upper,  -- Upper end of a range or of quartiles.
    nullif(array_to_string(coalesce(b.adjusted_for, c.adjusted_for), ', '), '')
        AS adjusted,  -- What it is adjusted for.
    g.role,  -- own, external or background.
    f.worked_out,  -- How the reader worked out a number that is not printed; NULL where it is printed.
    f.half_unit,  -- Half of the last printed digit.
    f.ci_lower_half_unit,  -- Half of the last printed digit of the lower limit.
    f.ci_upper_half_unit,  -- Half of the last printed digit of the upper limit.
    f.ci_upper_state,  -- Whether the upper limit was reached.
    f.spread,  -- range, iqr, sd, se or log_se.
    f.sd,  -- Standard deviation or standard error, as spread says; log_se: that of the logarithm.
    f.sd_half_unit,  -- Half of its last printed digit.
    f.denominator,  -- Patients in the denominator, printed with the number.
    b.method,  -- How the outcome was estimated.
    coalesce(b.starts, c.starts, w.starts) AS starts,  -- When the clock starts.
    b.label,  -- What the source calls the outcome.
    c.per_unit,  -- Of a ratio per unit of what patients differ in, that unit.
    c.read_as,  -- What a ratio is, where the source calls it otherwise.
    c.basis,  -- Whether what is compared is stated or inferred.
    c.test,  -- Test of a comparison.
    c.favours,  -- Group that does better, as the source says.
    f.n_not_reported,  -- True when the number is not based on all patients of the group.
    c.within_group,  -- Group inside which patients are compared, when no groups are named.
    c.split,  -- By what patients are compared inside that group.
    f.block_no,  -- Outcome block of the study file.
    f.comparison_no,  -- Comparison of the study file.
    f.figure_no,  -- Order in the study file.
    r.value::INTEGER AS at_risk,  -- Patients at risk at the time of a survival rate, printed beside it.
    r.qualifier AS at_risk_qualifier,  -- How exact that number is.
    r.as_reported AS at_risk_as_reported,  -- That number as written in the study file.
    r.source_location AS at_risk_source_location,  -- Its place in the source.
    s.file || ':' || r.file_line AS at_risk_file_location,  -- Its study file and line.
    f.perhaps,  -- What the reader suspects that a misprinted number should be; it was not printed.
    f.perhaps_half_unit,  -- Half of the last digit of what is suspected.
    f.perhaps_as_reported,  -- What is suspected, as written in the study file.
    f.perhaps_because,  -- Why a misprint is suspected.
    coalesce(b.of_event, c.of_event)
        AS of_event,  -- Whether the reader says that it is of the event (occurrence) or of its absence.
    f.unsettled,  -- Why it is not used before the reader settles what it means.
    f.settled_by,  -- What settles it.
FROM reported_figure f
JOIN study s USING (study_id)
JOIN study_group g USING (study_id, group_id)
LEFT JOIN outcome_block b USING (study_id, block_no)
LEFT JOIN comparison c ON c.study_id = f.study_id AND c.comparison_no = f.comparison_no
LEFT JOIN compared m ON m.study_id = f.study_id AND m.comparison_no = f.comparison_no
LEFT JOIN one_clock w
    ON w.study_id = f.study_id AND w.outcome_id = f.outcome_id AND f.comparison_no IS NOT NULL
LEFT JOIN reported_figure r
    ON r.study_id = f.study_id AND r.beside_figure_no = f.figure_no
    AND r.state = 'reported' AND r.worked_out IS NULL
