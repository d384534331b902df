-- One row a group of patients, with the groups that hold it and its tags, inherited ones included.
CREATE VIEW groups AS
SELECT
    g.study_id AS study,  -- Study.
    g.group_id AS "group",  -- Group.
    g.label,  -- What the group is.
    g.role,  -- own, external or background.
    g.n,  -- Number of patients, when printed.
    p.whole_id AS part_of,  -- Group that it is part of.
    p.split,  -- By what that group was split.
    a.ancestors,  -- The group itself and those that hold it, upwards.
    len(a.ancestors) - 1 AS depth,  -- Steps below the outermost group.
    t.intervention,  -- Intervention, own or inherited.
    t.extent,  -- Extent, own or inherited.
    t.site,  -- Site of metastases, own or inherited.
    t.population,  -- Population, own or inherited.
    t.primary_site,  -- Site of the primary tumour, own or inherited.
    t.grade,  -- Grade of the tumour, own or inherited.
    g.n_as_reported,  -- Number of patients as written in the study file.
    g.n_state,  -- Whether it is reported.
    g.n_qualifier,  -- How exact it is.
    g.n_value,  -- Patients, or share of the group that this is part of.
    g.n_unit,  -- patients or proportion.
    g.n_half_unit,  -- Half of the last printed digit of a share.
    g.n_count,  -- Patients, where a whole number is given.
    g.n_worked_out,  -- How the reader worked it out.
    g.n_location,  -- Place in the source of the number of patients.
    g.source_location,  -- Place in the source.
    s.file || ':' || g.file_line AS file_location,  -- Study file and line.
    g.position,  -- Order in the study file.
FROM study_group g
JOIN study s USING (study_id)
LEFT JOIN group_part p USING (study_id, group_id)
JOIN (
    SELECT study_id, group_id, list(ancestor_id ORDER BY depth) AS ancestors
    FROM group_ancestor
    GROUP BY ALL
) a USING (study_id, group_id)
LEFT JOIN (
    PIVOT group_tag
    ON kind IN ('intervention', 'extent', 'site', 'population', 'primary_site', 'grade')
    USING max(term_id)
    GROUP BY study_id, group_id
) t USING (study_id, group_id)
