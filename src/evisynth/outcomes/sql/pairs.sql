-- Pairs of groups that a contrast sets against each other, by block, in the order of the study files.
SELECT i.study_id, i.block, i.group_id AS index_group, r.group_id AS reference_group
FROM carrier i
JOIN carrier r USING (block, study_id)
WHERE i.side = 'index' AND r.side = 'reference' AND (
    -- Siblings: different parts of one whole by one split. Groups that are part of no other, such as the two
    -- arms of a trial, are the parts of their study. Figures from elsewhere are nobody's sibling.
    (
        i.group_id <> r.group_id
        AND i.whole_id IS NOT DISTINCT FROM r.whole_id AND i.split IS NOT DISTINCT FROM r.split
        AND i.role <> 'external' AND r.role <> 'external'
    )
    -- Groups of the study that one of its comparisons on the outcome names together, wherever they stand. Of
    -- more than two, each pair but those of one whole by two splits, who may be the same patients: a p-value of
    -- all of them stands there as refused.
    OR (
        i.group_id <> r.group_id AND i.role = 'own' AND r.role = 'own'
        AND EXISTS (
            FROM comparison c
            JOIN comparison_group one USING (study_id, comparison_no)
            JOIN comparison_group other USING (study_id, comparison_no)
            WHERE c.study_id = i.study_id AND c.outcome_id = $outcome
                AND one.group_id = i.group_id AND other.group_id = r.group_id
                AND (i.whole_id IS DISTINCT FROM r.whole_id OR 2 = (
                    SELECT count(*) FROM comparison_group g
                    WHERE g.study_id = c.study_id AND g.comparison_no = c.comparison_no
                ))
        )
    )
    -- Matched groups, of wholes that are siblings.
    OR (
        i.split = $matching AND r.split = $matching AND i.whole_id <> r.whole_id
        AND (SELECT (whole_id, split) FROM group_part p WHERE p.study_id = i.study_id AND p.group_id = i.whole_id)
        IS NOT DISTINCT FROM
        (SELECT (whole_id, split) FROM group_part p WHERE p.study_id = r.study_id AND p.group_id = r.whole_id)
    )
    -- Figures that a study quotes, beside its own groups of the same kind of tumour.
    OR (i.role = 'own' AND r.role = 'external' AND i.population = r.population)
)
ORDER BY i.study_id, i.block, i.position, r.position
