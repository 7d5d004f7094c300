-- A compromised issuing key: whose badges it signed is looked up by the key.
-- Locks: `credential_edition` against writing while the index is built.
CREATE INDEX credential_edition_key ON credential_edition (organisation_id, key_id) WHERE state = 'signed';
