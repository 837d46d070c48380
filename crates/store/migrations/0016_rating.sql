-- Ratings of services, the work orders of bad ones, and contests.

-- `id` is `case.<id>` or `ticket.<id>`: one rating for each service. `person` and `account` are those of whoever rated.
CREATE TABLE rating (
    region     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id         TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version    BIGINT NOT NULL,
    head_hash  BYTEA  NOT NULL,
    department TEXT   /*postgres COLLATE "C" */ NOT NULL,
    stars      BIGINT NOT NULL,
    account    TEXT   /*postgres COLLATE "C" */,
    person     TEXT   /*postgres COLLATE "C" */,
    doc        TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX rating_person ON rating (region, person, id);

-- The follow-up of a bad rating, under the id of the rating.
CREATE TABLE rating_order (
    region     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id         TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version    BIGINT NOT NULL,
    head_hash  BYTEA  NOT NULL,
    number     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    department TEXT   /*postgres COLLATE "C" */ NOT NULL,
    state      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    -- `contact`, `answer` or `judge`; NULL when nobody must act.
    pile       TEXT   /*postgres COLLATE "C" */,
    -- Next date that matters to the pile. Far future when there is none.
    deadline   BIGINT NOT NULL,
    -- When an answer for the public was given.
    published  BIGINT,
    doc        TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX rating_order_number ON rating_order (region, number);
CREATE INDEX rating_order_pile ON rating_order (region, pile, deadline, id);
CREATE INDEX rating_order_department ON rating_order (region, department, pile, deadline, id);
CREATE INDEX rating_order_published ON rating_order (region, department, published, id);

-- Who won a contest in a period. `id` is `<contest>.<period>`.
CREATE TABLE rating_contest (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    held      BIGINT NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX rating_contest_held ON rating_contest (region, held, id);

-- Codes that messages carry, as digests: `id` is the SHA-256 of the code.
CREATE TABLE rating_code (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    service TEXT   /*postgres COLLATE "C" */ NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (region, id)
);
