-- Deleting only notes the deletion here; undo takes the note away. What was deleted a month ago is
-- removed for good when the library is opened.

CREATE TABLE deletions (
  kind   TEXT NOT NULL,                 -- image, question, model or job
  target TEXT NOT NULL,                 -- the row's id
  at     INTEGER NOT NULL,
  PRIMARY KEY (kind, target)
) WITHOUT ROWID;
