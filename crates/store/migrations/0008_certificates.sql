-- Certificates that signed what people hold on paper, kept after their keys have been renewed, so that it can still be checked.
-- `id` is the key id in hex; `purpose` says what they sign: `qr` the codes on licences.
CREATE TABLE certificate (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    purpose TEXT   /*postgres COLLATE "C" */ NOT NULL,
    der     BYTEA  NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX certificate_purpose ON certificate (region, purpose, id);
