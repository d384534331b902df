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
    -- Figures that a study quotes, beside its own groups of the same kind of tumour.
    OR (i.role = 'own' AND r.role = 'external' AND i.population = r.population)
)
ORDER BY i.study_id, i.block, i.position, r.position
