-- What a model's attention does over a data set, measured once and kept.

CREATE TABLE data_findings (
  id         INTEGER PRIMARY KEY,
  set_id     INTEGER NOT NULL REFERENCES data_sets (id) ON DELETE CASCADE,
  model_id   TEXT NOT NULL,
  made_at    INTEGER NOT NULL,
  report     TEXT NOT NULL,             -- JSON, as crosslens-cli findings --json writes it
  UNIQUE (set_id, model_id)
);

-- What an evaluation had to leave out, and why; '' for nothing.
ALTER TABLE data_evaluations ADD COLUMN note TEXT NOT NULL DEFAULT '';
