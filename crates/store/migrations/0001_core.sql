-- The tables of the store itself. One text for both engines: /*sqlite … */ and /*postgres … */ are unwrapped for theirs.
-- Types are BIGINT, TEXT and BYTEA only; time is BIGINT microseconds UTC. Text that orders or joins keys has the
-- byte order on both engines.

-- The journal. `position` runs without gaps from 1 in each region; `link` ties the order of all streams together.
CREATE TABLE fact (
    region     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    position   BIGINT NOT NULL,
    stream     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version    BIGINT NOT NULL,
    kind       TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    row_digest BYTEA  NOT NULL,
    commitment BYTEA  NOT NULL,
    prev_hash  BYTEA  NOT NULL,
    hash       BYTEA  NOT NULL,
    link       BYTEA  NOT NULL,
    PRIMARY KEY (region, position)
) /*sqlite WITHOUT ROWID */;
CREATE UNIQUE INDEX fact_stream ON fact (region, stream, version);

-- Bodies apart from the chain, so that personal data can be erased. Keyed by position: appended, never inserted between.
CREATE TABLE fact_body (
    region   TEXT   /*postgres COLLATE "C" */ NOT NULL,
    position BIGINT NOT NULL,
    salt     BYTEA  NOT NULL,
    body     TEXT   NOT NULL,
    PRIMARY KEY (region, position)
) /*sqlite WITHOUT ROWID */;

CREATE TABLE counter (
    region TEXT   /*postgres COLLATE "C" */ NOT NULL,
    name   TEXT   /*postgres COLLATE "C" */ NOT NULL,
    key    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    n      BIGINT NOT NULL,
    PRIMARY KEY (region, name, key)
) /*sqlite WITHOUT ROWID */;

CREATE TABLE subscriber (
    region   TEXT   /*postgres COLLATE "C" */ NOT NULL,
    name     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (region, name)
) /*sqlite WITHOUT ROWID */;

CREATE TABLE due (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    at      BIGINT NOT NULL,
    kind    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    subject TEXT   /*postgres COLLATE "C" */ NOT NULL,
    PRIMARY KEY (region, at, kind, subject)
) /*sqlite WITHOUT ROWID */;
CREATE INDEX due_subject ON due (region, subject, kind);

CREATE TABLE idempotency (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    token     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    key       TEXT   /*postgres COLLATE "C" */ NOT NULL,
    body_hash BYTEA  NOT NULL,
    result    TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (region, token, key)
);
CREATE INDEX idempotency_at ON idempotency (region, at);

CREATE TABLE number_block (
    region TEXT   /*postgres COLLATE "C" */ NOT NULL,
    series TEXT   /*postgres COLLATE "C" */ NOT NULL,
    next   BIGINT NOT NULL,
    PRIMARY KEY (region, series)
) /*sqlite WITHOUT ROWID */;

-- `peaks` are the roots of the perfect subtrees over positions 1..position, so that the next root reads only new facts.
CREATE TABLE checkpoint (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    position  BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    root      BYTEA  NOT NULL,
    peaks     BYTEA  NOT NULL,
    signature BYTEA  NOT NULL,
    witness   TEXT   NOT NULL,
    PRIMARY KEY (region, position)
) /*sqlite WITHOUT ROWID */;

-- Who read whose personal data, when and why. The key answers "who looked at my data".
CREATE TABLE access (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    subject TEXT   /*postgres COLLATE "C" */ NOT NULL,
    at      BIGINT NOT NULL,
    who     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    purpose TEXT   /*postgres COLLATE "C" */ NOT NULL,
    PRIMARY KEY (region, subject, at, who, purpose)
) /*sqlite WITHOUT ROWID */;
CREATE INDEX access_who ON access (region, who, at);
