-- The tables of the capabilities. Every index begins with `region`.

CREATE TABLE account (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    login     TEXT   /*postgres COLLATE "C" */,
    person    TEXT   /*postgres COLLATE "C" */,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX account_login ON account (region, login);
CREATE UNIQUE INDEX account_person ON account (region, person);

-- `id` is the SHA-256 of the cookie or token; the secret itself is never stored.
CREATE TABLE session (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    account TEXT   /*postgres COLLATE "C" */ NOT NULL,
    expires BIGINT NOT NULL,
    csrf    TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX session_expires ON session (region, expires);
CREATE INDEX session_account ON session (region, account);

CREATE TABLE token (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    account TEXT   /*postgres COLLATE "C" */ NOT NULL,
    scopes  TEXT   NOT NULL,
    expires BIGINT,
    label   TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);

-- What the city's registers answer. `id` is `<register>/<key>`; `also` is a second key: `person:<citizen number>` of
-- whoever may act for a company, `brand:<words>` of a company name.
CREATE TABLE register_entry (
    region TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    also   TEXT   /*postgres COLLATE "C" */,
    doc    TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX register_entry_also ON register_entry (region, also);

CREATE TABLE matter (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    published BIGINT NOT NULL,
    paused    BIGINT NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);

-- Immutable: a case keeps the version under which it was filed. `id` is `<slug>/<version>`.
CREATE TABLE matter_version (
    region TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    at     BIGINT NOT NULL,
    doc    TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);

CREATE TABLE casefile (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    number    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    matter    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    department TEXT  /*postgres COLLATE "C" */ NOT NULL,
    district  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    state     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    -- The pile on which staff find it: `accept`, `review`, `inspect`, `decide`, `deliver`, `check`; NULL when nobody must act.
    pile      TEXT   /*postgres COLLATE "C" */,
    applicant_code TEXT /*postgres COLLATE "C" */ NOT NULL,
    applicant_name TEXT NOT NULL,
    filed_by  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    received  BIGINT,
    -- Next date that matters to the pile: acceptance, promise, check. Far future when there is none.
    deadline  BIGINT NOT NULL,
    -- Digest of matter, applicant and form while the case is open, so that a true duplicate is refused.
    open_key  TEXT   /*postgres COLLATE "C" */,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX casefile_number ON casefile (region, number);
CREATE UNIQUE INDEX casefile_open ON casefile (region, open_key);
CREATE INDEX casefile_pile ON casefile (region, pile, deadline, id);
CREATE INDEX casefile_department ON casefile (region, department, pile, deadline, id);
CREATE INDEX casefile_applicant ON casefile (region, applicant_code, id);
CREATE INDEX casefile_filed_by ON casefile (region, filed_by, id);

-- Sealed documents, immutable. `doc` is the signed file in canonical bytes.
CREATE TABLE document (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    casefile TEXT  /*postgres COLLATE "C" */ NOT NULL,
    kind    TEXT   NOT NULL,
    number  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    at      BIGINT NOT NULL,
    doc     TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX document_casefile ON document (region, casefile, id);
CREATE UNIQUE INDEX document_number ON document (region, number);

CREATE TABLE licence (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    public_id TEXT   /*postgres COLLATE "C" */ NOT NULL,
    identifier TEXT  /*postgres COLLATE "C" */ NOT NULL,
    holder_code TEXT /*postgres COLLATE "C" */ NOT NULL,
    licence_type TEXT /*postgres COLLATE "C" */ NOT NULL,
    department TEXT  /*postgres COLLATE "C" */ NOT NULL,
    recorded  TEXT   NOT NULL,
    valid_to  BIGINT,
    status_list TEXT /*postgres COLLATE "C" */ NOT NULL,
    status_index BIGINT NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE UNIQUE INDEX licence_public ON licence (region, public_id);
CREATE UNIQUE INDEX licence_identifier ON licence (region, identifier);
CREATE UNIQUE INDEX licence_status ON licence (region, status_list, status_index);
CREATE INDEX licence_holder ON licence (region, holder_code, licence_type, id);

-- An application that has not been sent. Not evidence, so without journal.
CREATE TABLE draft (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    owner   TEXT   /*postgres COLLATE "C" */ NOT NULL,
    matter  TEXT   NOT NULL,
    updated BIGINT NOT NULL,
    doc     TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX draft_owner ON draft (region, owner, id);

CREATE TABLE upload (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    owner   TEXT   /*postgres COLLATE "C" */ NOT NULL,
    name    TEXT   NOT NULL,
    size    BIGINT NOT NULL,
    sha256  TEXT,
    media_type TEXT,
    casefile TEXT  /*postgres COLLATE "C" */,
    created BIGINT NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX upload_owner ON upload (region, owner, id);
CREATE INDEX upload_casefile ON upload (region, casefile);

CREATE TABLE message (
    region  TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id      TEXT   /*postgres COLLATE "C" */ NOT NULL,
    account TEXT   /*postgres COLLATE "C" */ NOT NULL,
    at      BIGINT NOT NULL,
    read_at BIGINT,
    doc     TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX message_account ON message (region, account, id);

-- One row: what this city is. A demo city is marked here for ever.
CREATE TABLE city (
    region    TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id        TEXT   /*postgres COLLATE "C" */ NOT NULL,
    version   BIGINT NOT NULL,
    head_hash BYTEA  NOT NULL,
    demo      BIGINT NOT NULL,
    doc       TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
