-- Groups that carry the tags which a question asks for, by block of the question and side ('index' or
-- 'reference'), in studies that report on its outcome.
--
-- $asked holds a tag that is asked for in each entry: block, side, kind, term_id. A group carries what a side asks for
-- when of every kind of tag that is named there it has one of the terms. The role of a group counts as a tag.
CREATE OR REPLACE TEMP TABLE carrier AS
WITH asked AS (
    SELECT unnest($asked, max_depth := 2)
),
asked_kinds AS (
    SELECT block, side, count(DISTINCT kind) AS kinds
    FROM asked
    GROUP BY ALL
),
tag AS (
    SELECT study_id, group_id, kind, term_id FROM group_tag
    UNION ALL
    SELECT study_id, group_id, 'role', role FROM study_group
),
found AS (
    SELECT block, side, study_id, group_id, count(DISTINCT kind) AS kinds
    FROM asked JOIN tag USING (kind, term_id)
    GROUP BY ALL
)
SELECT
    f.block, f.side, f.study_id, f.group_id,
    g.position, g.role, p.whole_id, p.split,
    t.term_id AS population,
FROM found f
JOIN asked_kinds USING (block, side, kinds)
JOIN study_group g USING (study_id, group_id)
LEFT JOIN group_part p USING (study_id, group_id)
LEFT JOIN group_tag t ON t.study_id = f.study_id AND t.group_id = f.group_id AND t.kind = 'population'
WHERE f.study_id IN (SELECT study_id FROM reported_figure WHERE outcome_id = $outcome)
    AND NOT list_contains($left_out, f.study_id)
