-- The document of a decision as it is digested and anchored: bytes, because a replay years later must find the very same
-- ones, whatever has become of the events and badges that it names. A nullable column without default: locks the table
-- for the moment of the change only, and rewrites nothing.
ALTER TABLE decision ADD COLUMN document bytea;
