-- A transaction that only fills a gap in the relayer's nonces belongs to no task.
ALTER TABLE chain_transaction ALTER COLUMN task_id DROP NOT NULL;
