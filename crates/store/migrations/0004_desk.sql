-- What the lists of the desk need beside the row. All three are NULL in rows that were written before, and so are left
-- out of their digests.

-- What the applicant is, so that lists mask the names of natural persons and show those of organisations. NULL counts as
-- a person.
ALTER TABLE casefile ADD COLUMN applicant_kind TEXT;
-- The matter, once a person has decided: what approvers look up as precedents. Decisions by rules leave it NULL.
ALTER TABLE casefile ADD COLUMN precedent TEXT /*postgres COLLATE "C" */;
CREATE INDEX casefile_precedent ON casefile (region, precedent, id) WHERE precedent IS NOT NULL;
-- How closely an approver should look, 0 first. NULL counts as 1.
ALTER TABLE casefile ADD COLUMN risk BIGINT;
CREATE INDEX casefile_risk ON casefile (region, department, COALESCE(risk, 1), deadline, id) WHERE pile = 'decide';
