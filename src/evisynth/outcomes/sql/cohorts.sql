-- Patients of some studies as a whole: when they came, how long they were followed, whom they are shared with.
--
-- An overlap is stated in one file and holds for both studies; of two statements the wider one stands:
-- the type of the column orders the extents.
WITH stated AS (
    SELECT study_id, with_study AS other, extent FROM overlap
    UNION ALL
    SELECT study_id, report_of, 'identical' FROM study WHERE report_of IS NOT NULL
),
mutual AS (
    SELECT study_id, other, extent FROM stated
    UNION ALL
    SELECT other, study_id, extent FROM stated
),
widest AS (
    SELECT study_id, other, max(extent) AS extent
    FROM mutual
    GROUP BY ALL
)
SELECT
    s.study_id,
    s.accrual_start || ' to ' || s.accrual_end,
    -- The median that counts patients who died as censored; that of survivors or of all says less.
    CASE WHEN contains(lower(s.follow_up_method), 'reverse') THEN s.follow_up_median_months END,
    s.follow_up_minimum_months,
    coalesce(
        (SELECT map_from_entries(list((other, extent) ORDER BY other)) FROM widest WHERE study_id = s.study_id),
        MAP {}
    ),
    s.year, s.internal_contradiction, s.label, s.design, s.design_effect,
FROM study s
WHERE s.study_id IN (SELECT unnest($studies))
