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
