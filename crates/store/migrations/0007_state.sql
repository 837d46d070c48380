-- Secrets apart from what the journal tells, and what belongs to an account can be found.

-- What an account proves itself with: the argon2id hash of its password in PHC form. The account's row and facts hold only
-- its SHA-256, so that no export of the journal carries a hash that could be guessed at, and a changed hash is noticed.
CREATE TABLE account_secret (
    region TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    phc    TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);

CREATE INDEX token_account ON token (region, account);
