-- Figures above zero of the own groups of some studies, to compare with those of others.
SELECT f.study_id, f.statistic, lower(o.label), f.time_months, round(f.value, 9)
FROM reported_figure f
JOIN study_group g USING (study_id, group_id)
JOIN outcome o USING (outcome_id)
WHERE f.block_no IS NOT NULL AND g.role = 'own' AND f.value - coalesce(f.half_unit, 0) > 0
    AND f.study_id IN (SELECT unnest($studies))
