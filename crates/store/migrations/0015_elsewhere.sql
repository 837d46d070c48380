-- Licences of other issuers, as they were fetched for a case and verified. A journalled row each; the signed data stands in `doc`.
CREATE TABLE elsewhere_licence (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    -- Code of the holder; NULL once erased.
    holder    TEXT   /*postgres COLLATE "C" */,
    -- Digest of the signed data: the same licence is kept once.
    sha256    TEXT   /*postgres COLLATE "C" */,
    peer      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    confirmed BIGINT NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX elsewhere_licence_data ON elsewhere_licence (region, holder, sha256);

-- Paper licences entered at a window: typed by one person, confirmed by another. A journalled row each.
CREATE TABLE paper_licence (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    -- Code of the holder; NULL once erased.
    holder    TEXT   /*postgres COLLATE "C" */,
    state     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    -- Type and number while it waits or is confirmed: one for each.
    living    TEXT   /*postgres COLLATE "C" */,
    entered   BIGINT NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX paper_licence_living ON paper_licence (region, living);
CREATE INDEX paper_licence_holder ON paper_licence (region, holder, id);
CREATE INDEX paper_licence_state ON paper_licence (region, state, id);
