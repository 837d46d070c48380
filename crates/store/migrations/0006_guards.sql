-- What an automatic decision rested on is guarded where it is committed, and what is kept only for a while can be found.

-- Which licence of its holder this is, counted from 1. Whoever decides has read the holder's licences up to the one before; of
-- two who have read the same, the index refuses the second, who then decides again. NULL for licences of before.
ALTER TABLE licence ADD COLUMN holder_serial BIGINT;
-- The like for an entry that the licence makes in a register, such as a reserved company name: what it must not
-- collide with, and a count.
ALTER TABLE licence ADD COLUMN claim TEXT /*postgres COLLATE "C" */;
CREATE UNIQUE INDEX licence_holder_serial ON licence (region, holder_code, holder_serial);
CREATE UNIQUE INDEX licence_claim ON licence (region, claim) WHERE claim IS NOT NULL;

-- The secret that scatters the licences of a status list over its places. `list` is unique, so that of two programs that begin a
-- list one finds the other's secret.
CREATE TABLE status_list (
    region TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    list   TEXT   /*postgres COLLATE "C" */ NOT NULL,
    secret BYTEA  NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX status_list_list ON status_list (region, list);

CREATE INDEX upload_unfiled ON upload (region, created, id) WHERE casefile IS NULL;
CREATE INDEX upload_content ON upload (region, sha256);
CREATE INDEX token_expires ON token (region, expires);
