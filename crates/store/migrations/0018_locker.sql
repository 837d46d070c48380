-- Lockers: what lies in a cell, and the codes that open it.

CREATE TABLE parcel (
    region      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id          TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version     BIGINT NOT NULL,
    head_hash   BYTEA  NOT NULL,
    place       TEXT   /*postgres COLLATE "C" */ NOT NULL,
    account     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    case_number TEXT   /*postgres COLLATE "C" */ NOT NULL,
    state       TEXT   /*postgres COLLATE "C" */ NOT NULL,
    -- Place and cell (`place/0012`) while the cell can hold nothing else.
    cell_key    TEXT   /*postgres COLLATE "C" */,
    -- Way and case while it is open: one for each.
    open_key    TEXT   /*postgres COLLATE "C" */,
    doc         TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX parcel_cell ON parcel (region, cell_key);
CREATE UNIQUE INDEX parcel_open ON parcel (region, open_key);
CREATE INDEX parcel_place ON parcel (region, place, cell_key);
CREATE INDEX parcel_account ON parcel (region, account, id);

-- Codes under their digest: each opens one cell once.
CREATE TABLE parcel_code (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    parcel  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    bearer  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX parcel_code_parcel ON parcel_code (region, parcel, id);
CREATE INDEX parcel_code_expires ON parcel_code (region, expires, id);
