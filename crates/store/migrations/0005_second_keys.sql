-- Rows found by a second key come in the order of their ids. An index that does not hold the id right after the key cannot
-- give that order, and a planner that wants few rows of many then walks through those of the whole city instead.

-- The licences of a holder, newest first. The type stood in between before.
CREATE INDEX licence_holder_newest ON licence (region, holder_code, id);
DROP INDEX licence_holder;

-- Whom somebody may act for, what somebody owns, names of the same brand: asked with almost every page of a citizen.
CREATE INDEX register_entry_second ON register_entry (region, also, id);
DROP INDEX register_entry_also;
