-- Covariates that some studies print, group by group.
SELECT
    c.study_id, c.group_id, c.covariate_id, c.value, c.unit, c.as_reported, coalesce(c.source_location, ''),
    s.file || ':' || c.file_line,
FROM group_covariate c
JOIN study s USING (study_id)
WHERE c.state = 'reported' AND c.value IS NOT NULL AND coalesce(c.qualifier, '=') IN ('=', '~')
    AND c.study_id IN (SELECT unnest($studies))
