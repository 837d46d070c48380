-- Registered devices of places: kiosks, screens, lockers, printers.

CREATE TABLE device (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    place     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    kind      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    state     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    -- Digest of the code with which it is enrolled, while it waits for that.
    code_key  TEXT   /*postgres COLLATE "C" */,
    -- Since when staff must look at it; NULL while nothing is wrong.
    alert     BIGINT,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX device_code ON device (region, code_key);
CREATE INDEX device_place ON device (region, place, id);
CREATE INDEX device_alert ON device (region, alert);

-- Sessions of devices, under the digest of their secret.
CREATE TABLE device_session (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    device  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX device_session_device ON device_session (region, device, id);
CREATE INDEX device_session_expires ON device_session (region, expires, id);

-- When a device that counts was heard last.
CREATE TABLE device_seen (
    region TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    place  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    seen   BIGINT NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX device_seen_time ON device_seen (region, seen, id);
