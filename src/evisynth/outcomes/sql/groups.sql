-- Groups of those of some studies that report on an outcome, each with what is
-- printed of its size and the groups that hold it.
SELECT
    study, "group", label, role, part_of, split, ancestors,
    intervention, extent, site, population, primary_site, grade,
    coalesce(source_location, ''), file_location, position,
    n_as_reported, n_state, n_qualifier, n_value, n_unit, n_half_unit, n_count, n_worked_out,
    coalesce(n_location, source_location, ''),
FROM groups
WHERE study IN (SELECT unnest($studies))
    AND study IN (SELECT study_id FROM reported_figure WHERE outcome_id = $outcome)
ORDER BY study, position
