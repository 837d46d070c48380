-- What goes out of the platform: e-mail, short messages, and whatever a gateway takes.

CREATE TABLE outbox (
    region     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id         TEXT   /*postgres COLLATE "C" */ NOT NULL,
    account    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    channel    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    -- When it is tried next; far away once it was sent or given up.
    due_at     BIGINT NOT NULL,
    tries_left BIGINT NOT NULL,
    -- 0 while it was not sent, or not given up.
    sent_at    BIGINT NOT NULL,
    failed_at  BIGINT NOT NULL,
    -- What the other side answered last, as a number of its protocol; 0 = nothing.
    answer     BIGINT NOT NULL,
    expires    BIGINT NOT NULL,
    doc        TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX outbox_due ON outbox (region, channel, due_at, id);
CREATE INDEX outbox_failed ON outbox (region, failed_at, id);
CREATE INDEX outbox_account ON outbox (region, account, id);
CREATE INDEX outbox_expires ON outbox (region, expires, id);
