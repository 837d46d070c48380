-- Postal items: results on their way out, originals on their way in.

CREATE TABLE mailing (
    region      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id          TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version     BIGINT NOT NULL,
    head_hash   BYTEA  NOT NULL,
    case_number TEXT   /*postgres COLLATE "C" */ NOT NULL,
    -- Code of the applicant, with whom it is erased.
    person      TEXT   /*postgres COLLATE "C" */,
    state       TEXT   /*postgres COLLATE "C" */ NOT NULL,
    -- The state while something is still to happen to it.
    pile        TEXT   /*postgres COLLATE "C" */,
    -- Number of our carrier for what goes out.
    number      TEXT   /*postgres COLLATE "C" */,
    -- Direction and case while it is open: one for each.
    open_key    TEXT   /*postgres COLLATE "C" */,
    doc         TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX mailing_number ON mailing (region, number);
CREATE UNIQUE INDEX mailing_open ON mailing (region, open_key);
CREATE INDEX mailing_pile ON mailing (region, pile, id);
CREATE INDEX mailing_case ON mailing (region, case_number, id);
CREATE INDEX mailing_person ON mailing (region, person, id);
