-- What rules said about a case, cell by cell, once: by far the largest part of a decision, and neither its fact nor the row of the
-- case, which is written again at every step, needs more of it than a digest.
CREATE TABLE rule_record (
    region TEXT   /*postgres COLLATE "C" */ NOT NULL,
    id     TEXT   /*postgres COLLATE "C" */ NOT NULL,
    doc    TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
