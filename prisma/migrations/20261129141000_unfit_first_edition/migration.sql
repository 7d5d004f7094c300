-- A first edition that cannot be signed makes room for one that can, as later ones do, while its award still waits for it.
CREATE OR REPLACE FUNCTION keep_edition() RETURNS trigger AS $$
BEGIN
  IF OLD.state = 'signed' OR (OLD.edition = 1 AND NOT EXISTS (
    SELECT 1 FROM credential JOIN award ON award.organisation_id = credential.organisation_id AND award.id = credential.award_id
    WHERE credential.id = OLD.credential_id AND award.state = 'due'
  )) THEN
    RAISE EXCEPTION 'edition % of credential % stays', OLD.edition, OLD.credential_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END;
$$ LANGUAGE plpgsql;
