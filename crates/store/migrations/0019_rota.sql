-- Rotas: who sits at which window when, who can be planned, and overtime with time off in lieu.

-- A week of a place; `id` is `place.20261123`.
CREATE TABLE rota (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    place     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    -- First day of the week, `2026-11-23`.
    monday    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX rota_place ON rota (region, place, monday);

-- The duties of all weeks, by who has them: follows from the rows of `rota`. `id` is `place.20261123.7`.
CREATE TABLE rota_duty (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    place   TEXT   /*postgres COLLATE "C" */ NOT NULL,
    account TEXT   /*postgres COLLATE "C" */ NOT NULL,
    start   BIGINT NOT NULL,
    ends    BIGINT NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX rota_duty_account ON rota_duty (region, account, start, id);

-- The staff of a place; `id` is the place.
CREATE TABLE roster (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    members   BIGINT NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX roster_members ON roster (region, members, id);

-- Overtime and time off in lieu of one member of staff, in minutes; `id` is the account.
CREATE TABLE lieu (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    worked    BIGINT NOT NULL,
    balance   BIGINT NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
