-- Figures of the own groups of some studies, and the effects that they print, to compare with those of others.
SELECT
    f.study_id, CASE WHEN f.comparison_no IS NULL THEN f.group_id END, f.statistic, o.label, f.time_months,
    round(abs(f.value), 9), round(coalesce(f.half_unit, 0), 9), round(f.ci_lower, 9), round(f.ci_upper, 9),
    coalesce(f.n, f.denominator),
    CASE WHEN o.type = 'time_to_event' THEN coalesce(o.event, 'event') END, b.of_event
FROM reported_figure f
JOIN study_group g USING (study_id, group_id)
JOIN outcome o USING (outcome_id)
LEFT JOIN outcome_block b ON b.study_id = f.study_id AND b.block_no = f.block_no
WHERE g.role = 'own' AND f.state = 'reported' AND f.qualifier = '=' AND f.value IS NOT NULL
    AND f.statistic <> 'at_risk' AND (f.comparison_no IS NULL OR list_contains($effects, f.statistic))
    AND f.study_id IN (SELECT unnest($studies))
ORDER BY f.study_id, f.figure_no
