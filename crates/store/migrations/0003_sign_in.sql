-- Ways of signing in beside the password.

-- What is given out once and comes back once: the challenge of a passkey, the state of a sign-in at a provider. `id` is
-- the SHA-256 of the secret; `uses` is counted down to 0 by the writer, so that of two who bring it back one is refused.
CREATE TABLE challenge (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    purpose TEXT   NOT NULL,
    account TEXT   /*postgres COLLATE "C" */,
    uses    BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    doc     TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX challenge_expires ON challenge (region, expires);
CREATE INDEX challenge_account ON challenge (region, account);

-- Who of an identity provider signs in to which account. `id` is `<account>/<provider>`, `subject` the SHA-256 of issuer
-- and subject.
CREATE TABLE account_link (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    account TEXT   /*postgres COLLATE "C" */ NOT NULL,
    subject TEXT   /*postgres COLLATE "C" */ NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX account_link_subject ON account_link (region, subject);
CREATE INDEX account_link_account ON account_link (region, account);
