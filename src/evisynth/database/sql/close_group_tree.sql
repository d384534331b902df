-- Closes the tree of groups upwards: each group, and every group that holds it, with the steps between them.
INSERT INTO group_ancestor
WITH RECURSIVE upwards AS (
    SELECT study_id, group_id, group_id AS ancestor_id, 0 AS depth
    FROM study_group
    UNION ALL
    SELECT u.study_id, u.group_id, p.whole_id, u.depth + 1
    FROM upwards u
    JOIN group_part p ON p.study_id = u.study_id AND p.group_id = u.ancestor_id
)
SELECT study_id, group_id, ancestor_id, depth FROM upwards
