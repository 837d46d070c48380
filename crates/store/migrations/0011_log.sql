-- The public log of licences: entries in the order of the journal, the tiles of hashes over them, and the checkpoints that were
-- published last. `id` of an entry is its place in twelve digits, that of a tile level and place, that of a checkpoint its size.
CREATE TABLE log_entry (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    place   BIGINT NOT NULL,
    licence TEXT   /*postgres COLLATE "C" */ NOT NULL,
    entry   TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX log_entry_place ON log_entry (region, place);
CREATE INDEX log_entry_licence ON log_entry (region, licence, place);

-- The salt of the commitments in the entries about a licence; deleted when its holder is erased. `id` is the licence's.
CREATE TABLE log_salt (
    region TEXT  /*postgres COLLATE "C" */ NOT NULL,
    id     TEXT  /*postgres COLLATE "C" */ NOT NULL,
    salt   BYTEA NOT NULL,
    PRIMARY KEY (region, id)
);

CREATE TABLE log_tile (
    region TEXT  /*postgres COLLATE "C" */ NOT NULL,
    id     TEXT  /*postgres COLLATE "C" */ NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (region, id)
);

-- `note` is the signed note; `cosigned` how many witnesses have countersigned it.
CREATE TABLE log_checkpoint (
    region   TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id       TEXT   /*postgres COLLATE "C" */ NOT NULL,
    size     BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    cosigned BIGINT NOT NULL,
    note     TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX log_checkpoint_size ON log_checkpoint (region, size);

-- Logs of others that this city watches as a witness: what it has countersigned last. A journalled row, so that two requests at once
-- cannot both count from the same size.
CREATE TABLE watched_log (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    origin    TEXT   NOT NULL,
    size      BIGINT NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
