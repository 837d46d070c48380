-- Halls: released slots, appointments, and the queue.

-- One row for each day of a place whose slots were released: whoever releases it second writes nothing. `id` is `place.20261124`.
CREATE TABLE slot_day (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    slots     BIGINT NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);

-- `free` is counted down by the writer and never below nothing. `id` is `place.counter.20261124.0930`.
CREATE TABLE visit_slot (
    region   TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id       TEXT   /*postgres COLLATE "C" */ NOT NULL,
    place    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    counter  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    start    BIGINT NOT NULL,
    ends     BIGINT NOT NULL,
    capacity BIGINT NOT NULL,
    free     BIGINT NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX visit_slot_place ON visit_slot (region, place, start, id);

CREATE TABLE appointment (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    place     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    account   TEXT   /*postgres COLLATE "C" */,
    -- Code of the applicant's identity document.
    person    TEXT   /*postgres COLLATE "C" */,
    state     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    start     BIGINT NOT NULL,
    -- Digest of person, matter and day while it is open: one for each.
    open_key  TEXT   /*postgres COLLATE "C" */,
    -- Place, day and the six digits that are said at the reception.
    code_key  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX appointment_open ON appointment (region, open_key);
CREATE UNIQUE INDEX appointment_code ON appointment (region, code_key);
CREATE INDEX appointment_account ON appointment (region, account, id);
CREATE INDEX appointment_person ON appointment (region, person, state, start);
CREATE INDEX appointment_place ON appointment (region, place, state, start, id);

CREATE TABLE ticket (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    -- A place on a day: `place.20261124`.
    room      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    letter    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    seq       BIGINT NOT NULL,
    counter   TEXT   /*postgres COLLATE "C" */ NOT NULL,
    state     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    -- Place in the queue, the smallest first; of equal ones the smaller number.
    rank      BIGINT NOT NULL,
    -- Number of the window at which it is or was.
    desk      TEXT   /*postgres COLLATE "C" */,
    account   TEXT   /*postgres COLLATE "C" */,
    -- When something happened to it last.
    moved     BIGINT NOT NULL,
    -- How long it was served, in seconds.
    served    BIGINT,
    -- Room and account while it is open and was taken by its holder: one for each.
    open_key  TEXT   /*postgres COLLATE "C" */,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX ticket_seq ON ticket (region, room, letter, seq);
CREATE UNIQUE INDEX ticket_open ON ticket (region, open_key);
CREATE INDEX ticket_rank ON ticket (region, room, state, rank, seq);
CREATE INDEX ticket_moved ON ticket (region, room, state, moved);
CREATE INDEX ticket_account ON ticket (region, account, id);
