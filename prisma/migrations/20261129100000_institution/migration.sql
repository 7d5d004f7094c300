-- What an issuer says of itself as an institution, and what a badge says of somebody's activity beside why, how well and on what.
-- Locks issuer, award and direct_award for a moment; no row changes.

ALTER TABLE issuer
  -- The name that it is registered under, where that is another one.
  ADD COLUMN official          text,
  -- E.164.
  ADD COLUMN phone             text,
  ADD COLUMN address           jsonb,
  ADD COLUMN other_identifiers jsonb,
  -- What it is a part of: a profile of somebody else.
  ADD COLUMN parent_org        jsonb,
  -- Counts its changes, from 1 on.
  ADD COLUMN revision          integer NOT NULL DEFAULT 1 CHECK (revision > 0);

-- When the activity was, its credits, its number, role and term, and who assessed it for the issuer.
ALTER TABLE award ADD COLUMN particulars jsonb;
ALTER TABLE direct_award ADD COLUMN particulars jsonb;
