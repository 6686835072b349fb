-- Data sets that were opened, their questions, and what models answered to them. These tables are
-- filled in a file of their own, data.db, so that a million rows never make the library wait.

CREATE TABLE data_sets (
  id        INTEGER PRIMARY KEY,
  name      TEXT NOT NULL,
  kind      TEXT NOT NULL,              -- vqa, gqa, nlvr2 or images
  questions TEXT NOT NULL,              -- the file with the questions; '' for features alone
  features  TEXT NOT NULL,              -- feature files, one a line; '' when the detector makes them
  images    TEXT NOT NULL,              -- folder with the pictures, or ''
  state     TEXT NOT NULL,              -- reading, ready, stopped or failed
  problem   TEXT,
  n         INTEGER NOT NULL DEFAULT 0, -- rows
  opened_at INTEGER NOT NULL,
  removed_at INTEGER,                   -- taken from the list; gone for good at the next start
  UNIQUE (kind, questions, features, images)
);

CREATE TABLE data_rows (
  set_id        INTEGER NOT NULL REFERENCES data_sets (id) ON DELETE CASCADE,
  n             INTEGER NOT NULL,       -- 0-based, in the file's order
  id            TEXT NOT NULL,          -- question_id, or NLVR2's identifier
  question      TEXT NOT NULL,
  image         TEXT NOT NULL,
  image2        TEXT NOT NULL,          -- NLVR2's right one, else ''
  sentence      TEXT NOT NULL,          -- NLVR2: the identifier without its pair number
  answer_type   TEXT NOT NULL,
  question_type TEXT NOT NULL,
  truth         TEXT,                   -- the best answer; NULL when the file gives none
  label         TEXT,                   -- JSON {answer: score}
  PRIMARY KEY (set_id, n)
) WITHOUT ROWID;

CREATE TABLE data_evaluations (
  id         INTEGER PRIMARY KEY,
  set_id     INTEGER NOT NULL REFERENCES data_sets (id) ON DELETE CASCADE,
  model_id   TEXT NOT NULL,
  model_name TEXT NOT NULL,
  weights    TEXT NOT NULL,             -- fingerprint of what answered
  state      TEXT NOT NULL,             -- running, done, stopped or failed
  done       INTEGER NOT NULL DEFAULT 0,-- rows gone through
  score      REAL,                      -- mean over labelled rows, NULL without any
  changed_at INTEGER NOT NULL,
  UNIQUE (set_id, model_id)
);

CREATE TABLE data_answers (
  evaluation_id INTEGER NOT NULL REFERENCES data_evaluations (id) ON DELETE CASCADE,
  n             INTEGER NOT NULL,
  answer        TEXT NOT NULL,
  confidence    REAL NOT NULL,
  score         REAL,                   -- NULL without a label
  oracle        REAL,                   -- the best that the model's answer table could have had
  PRIMARY KEY (evaluation_id, n)
) WITHOUT ROWID;
