-- One row a study: the publication, its patients, and how much it reports.
CREATE VIEW studies AS
SELECT
    s.study_id AS study,  -- Study.
    s.label,  -- Its name in figures, where the file gives one.
    s.kind,  -- Kind of publication.
    s.coverage,  -- What of it was read.
    s.title,  -- Title as printed.
    a.authors,  -- Authors as cited.
    s.journal,  -- Journal or meeting.
    s.year,  -- Year of publication.
    s.volume,  -- Volume.
    s.issue,  -- Issue.
    s.pages,  -- Pages.
    s.doi,  -- Digital object identifier.
    s.pmid,  -- PubMed identifier.
    s.url,  -- Address.
    s.report_of,  -- Study that reports on the same patients.
    s.design,  -- Design, as stated.
    s.institution,  -- Institution.
    s.registry,  -- Registry.
    s.accrual_start || ' to ' || s.accrual_end AS accrual,  -- Years of accrual.
    s.follow_up_median_months,  -- Median follow-up.
    s.follow_up_method,  -- How it was computed.
    s.follow_up_minimum_months,  -- Shortest follow-up.
    s.screened,  -- Patients screened.
    s.disease,  -- Disease and how patients were chosen.
    s.excluded,  -- Who was excluded.
    coalesce(o.overlaps, [])
        AS overlapping_studies,  -- Studies that share patients with it, as its own file says.
    (SELECT count(*) FROM study_group g WHERE g.study_id = s.study_id) AS group_count,  -- Number of groups.
    (SELECT count(*) FROM reported_figure f WHERE f.study_id = s.study_id AND f.worked_out IS NULL)
        AS figure_count,  -- Number of printed figures.
    s.internal_contradiction,  -- Finding that figures of this unreviewed source cannot all be true.
    s.file,  -- Study file.
    s.file_sha256,  -- SHA-256 of the study file.
    s.text_sha256,  -- SHA-256 of the text that was read.
FROM study s
LEFT JOIN (
    SELECT study_id, list(name ORDER BY position) AS authors
    FROM author
    GROUP BY ALL
) a USING (study_id)
LEFT JOIN (
    SELECT study_id, list(with_study ORDER BY with_study) AS overlaps
    FROM overlap
    WHERE extent <> 'none'
    GROUP BY ALL
) o USING (study_id)
