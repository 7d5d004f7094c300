-- Since when a rule version may have missed events: when it was paused for the first time.
-- Locks: rule_version for the time of adding a column without a default.
ALTER TABLE rule_version ADD COLUMN paused_at timestamptz(3);

-- Of what is paused now the audit trail knows.
SET ROLE waarmerk_worker;
UPDATE rule_version version SET paused_at = paused.at
FROM (
  SELECT organisation_id, target_id, min(received_at) AS at FROM audit WHERE action = 'rule.paused' GROUP BY organisation_id, target_id
) AS paused
WHERE version.state = 'paused' AND version.organisation_id = paused.organisation_id AND version.rule_id = paused.target_id
  AND version.activated_at <= paused.at;
RESET ROLE;
