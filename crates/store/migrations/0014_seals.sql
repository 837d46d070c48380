-- The seals of the bureaus: for whom one was made, who may use it, and until when. A journalled row each; `id` is the number of the seal.
-- Who used which seal when stands in the access stream, under `seal/` and that number.
CREATE TABLE seal (
    region     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id         TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version    BIGINT NOT NULL,
    head_hash  BYTEA  NOT NULL,
    department TEXT   /*postgres COLLATE "C" */ NOT NULL,
    retired_at BIGINT,
    doc        TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX seal_department ON seal (region, department, id);
