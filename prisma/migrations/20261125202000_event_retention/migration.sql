-- How long past events are kept, as an ISO 8601 duration of fixed length; NULL: for ever.
-- Locks: organisation_setting for the time of adding a column without a default.
ALTER TABLE organisation_setting ADD COLUMN event_retention text;
