-- Assessments of the risk of bias of some studies that speak of an outcome, with the judgement of each domain,
-- that over all domains first.
SELECT
    a.study_id, a.tool,
    CASE WHEN len(a.outcomes) > 0 THEN $outcome END,
    a.split,
    list((
        j.domain, j.judgement, j.because, j.source_location,
        s.file || ':' || coalesce(j.file_line, a.file_line)
    ) ORDER BY j.position),
FROM bias_assessment a
JOIN study s USING (study_id)
JOIN bias_judgement j USING (study_id, assessment_no)
WHERE (len(coalesce(a.outcomes, [])) = 0 OR list_contains(a.outcomes, $outcome))
    AND a.study_id IN (SELECT unnest($studies))
GROUP BY a.study_id, a.assessment_no, a.tool, a.outcomes, a.split
ORDER BY a.study_id, a.assessment_no
