-- One row a domain of a tool that a study was judged by, and one over all domains (domain overall).
CREATE VIEW risk_of_bias AS
SELECT
    a.study_id AS study,  -- Study.
    a.tool,  -- Tool that the judgement follows.
    o.outcome,  -- Outcome that it is about; NULL: every outcome that no other row of the tool names.
    a.split AS compared_by,  -- Split of groups whose parts it compares; NULL: any comparison.
    j.domain,  -- Domain of the tool, or overall.
    nullif(j.position, 0) AS domain_no,  -- Place of the domain in its tool, from 1; NULL for overall.
    j.judgement,  -- Judgement in the word of the tool; NULL: not judged.
    j.because,  -- Why it was judged so.
    j.source_location,  -- Place in the source.
    s.file || ':' || coalesce(j.file_line, a.file_line) AS file_location,  -- Study file and line.
    a.assessment_no,  -- Assessment of the study file.
    j.position,  -- Order in the assessment: overall is 0.
FROM bias_assessment a
JOIN study s USING (study_id)
JOIN bias_judgement j USING (study_id, assessment_no)
JOIN (
    SELECT study_id, assessment_no, unnest(if(len(outcomes) > 0, outcomes, [NULL])) AS outcome
    FROM bias_assessment
) o USING (study_id, assessment_no)
