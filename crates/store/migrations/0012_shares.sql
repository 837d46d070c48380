-- What a holder lets others see of a licence for a while: a use code, or a link. `id` is the SHA-256 of the secret, which is never
-- stored; that a code is used once is kept by the version of the row.
CREATE TABLE licence_share (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    licence   TEXT   /*postgres COLLATE "C" */ NOT NULL,
    holder    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    until     BIGINT NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX licence_share_open ON licence_share (region, licence, until, id);
CREATE INDEX licence_share_holder ON licence_share (region, holder, id);
