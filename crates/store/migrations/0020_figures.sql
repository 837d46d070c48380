-- What the figures remember of each case, and where clerks sit. Both are written by the follower of the journal and nothing else.

-- `id` is that of the case. `week` is the Monday of the week in which it was received; empty while it is being pre-checked.
CREATE TABLE figure_case (
    region       TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id           TEXT   /*postgres COLLATE "C" */ NOT NULL,
    week         TEXT   /*postgres COLLATE "C" */ NOT NULL,
    place        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    channel      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    kind         TEXT   /*postgres COLLATE "C" */ NOT NULL,
    -- `received`, `accepted`, `closed` or `ended`.
    stage        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    late_promise BIGINT NOT NULL,
    late_limit   BIGINT NOT NULL,
    -- 1 a law sets a limit, 2 the promised clock is settled, 4 the statutory clock is.
    marks        BIGINT NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX figure_case_week ON figure_case (region, week, channel, kind, stage, id);
CREATE INDEX figure_case_place ON figure_case (region, place, week, channel, kind, stage, id);
CREATE INDEX figure_case_late_promise ON figure_case (region, week, channel, kind, id) WHERE late_promise = 1;
CREATE INDEX figure_case_late_limit ON figure_case (region, week, channel, kind, id) WHERE late_limit = 1;

-- `id` is the account of a clerk: where the last ticket was served, and whether whoever is there now came with an appointment.
CREATE TABLE figure_seat (
    region      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id          TEXT   /*postgres COLLATE "C" */ NOT NULL,
    day         TEXT   /*postgres COLLATE "C" */ NOT NULL,
    place       TEXT   /*postgres COLLATE "C" */ NOT NULL,
    ticket      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    appointment BIGINT NOT NULL,
    PRIMARY KEY (region, id)
);
