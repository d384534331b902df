-- One row a comparison that a study reports, with its figures as printed.
CREATE VIEW comparisons AS
SELECT
    c.study_id AS study,  -- Study.
    c.comparison_no,  -- Order in the study file.
    c.outcome_id AS outcome,  -- Outcome of the vocabulary.
    coalesce(m.groups, [])
        AS groups,  -- Groups compared, the index group first; one when the other is not named.
    c.within_group,  -- Group inside which patients are compared, when no groups are named.
    c.split,  -- By what patients are compared inside that group.
    c.per_unit,  -- Of a ratio per unit of that, the unit: 10 years.
    c.time_months,  -- Time for which the comparison is made.
    {figures}
    c.read_as,  -- What the ratio is, where the source calls it otherwise.
    c.test,  -- Test, as stated.
    nullif(array_to_string(c.adjusted_for, ', '), '') AS adjusted,  -- What it is adjusted for.
    c.basis,  -- stated, inferred or unclear.
    c.reads,  -- Why it was read so.
    c.of_event,  -- Whether the reader says that a ratio is of the event (occurrence) or of its absence.
    c.favours,  -- Group that does better, as the source says.
    c.source_location,  -- Place in the source.
    s.file || ':' || c.file_line AS file_location,  -- Study file and line.
FROM comparison c
JOIN study s USING (study_id)
LEFT JOIN (
    SELECT study_id, comparison_no, list(group_id ORDER BY position) AS groups
    FROM comparison_group
    GROUP BY ALL
) m USING (study_id, comparison_no)
LEFT JOIN (
    PIVOT reported_figure
    ON statistic IN ({statistics})
    USING max(as_reported)
    GROUP BY study_id, comparison_no
) f USING (study_id, comparison_no)
