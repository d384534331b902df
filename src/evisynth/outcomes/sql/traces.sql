-- Traces that the patients of some studies leave: where and when they were treated, who reports on them, and under
-- which numbers.
SELECT
    s.study_id, s.institution, s.registry, s.accrual_start, coalesce(s.accrual_end, s.accrual_start),
    coalesce((SELECT list(name ORDER BY position) FROM author a WHERE a.study_id = s.study_id), []),
    s.doi, s.pmid, s.registration
FROM study s
WHERE s.study_id IN (SELECT unnest($studies))
ORDER BY s.study_id
