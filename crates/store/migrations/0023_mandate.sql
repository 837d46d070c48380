-- Mandates of organisations for their authorised clerks, and the record that a licence has expired.

CREATE TABLE mandate (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    principal TEXT   /*postgres COLLATE "C" */ NOT NULL,
    person    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    state     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    -- Organisation and person while it has not ended: one for each pair.
    open_key  TEXT   /*postgres COLLATE "C" */,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX mandate_open ON mandate (region, open_key);
CREATE INDEX mandate_principal ON mandate (region, principal, state, id);
CREATE INDEX mandate_person ON mandate (region, person, state, id);

-- Licences of before get the timer that those issued from now on have: the row of their reminders leads on to their expiry, and
-- those whose last reminder is past have no row any more. `valid_to` is the end of the last day.
INSERT INTO due (region, at, kind, subject)
SELECT l.region, l.valid_to, 'licence.expiring', 'licence/' || l.id FROM licence l
WHERE l.valid_to IS NOT NULL AND l.holder_code <> 'erased' AND l.recorded IN ('active', 'suspended')
AND NOT EXISTS (
    SELECT 1 FROM due d WHERE d.region = l.region AND d.subject = 'licence/' || l.id AND d.kind = 'licence.expiring'
);
