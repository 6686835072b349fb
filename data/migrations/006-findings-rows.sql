-- Findings over the rows that a filter lets through are kept beside those over the whole set.

CREATE TABLE data_findings_by_rows (
  id         INTEGER PRIMARY KEY,
  set_id     INTEGER NOT NULL REFERENCES data_sets (id) ON DELETE CASCADE,
  model_id   TEXT NOT NULL,
  rows       TEXT NOT NULL,             -- the filter's key, '' for the whole set
  made_at    INTEGER NOT NULL,
  report     TEXT NOT NULL,             -- JSON, as crosslens-cli findings --json writes it
  UNIQUE (set_id, model_id, rows)
);

INSERT INTO data_findings_by_rows (set_id, model_id, rows, made_at, report)
  SELECT set_id, model_id, '', made_at, report FROM data_findings;
DROP TABLE data_findings;
ALTER TABLE data_findings_by_rows RENAME TO data_findings;
