#include "lens-undo.h"

struct _LensUndo {
  GQueue back, forward; /* of LensEdits, newest at the tail */
};

LensUndo *
lens_undo_new(void)
{
  LensUndo *self = g_new0(LensUndo, 1);

  g_queue_init(&self->back);
  g_queue_init(&self->forward);
  return self;
}

void
lens_undo_free(LensUndo *self)
{
  if (!self)
    return;
  lens_undo_clear(self);
  g_free(self);
}

void
lens_undo_clear(LensUndo *self)
{
  g_queue_clear_full(&self->back, (GDestroyNotify)lens_edits_free);
  g_queue_clear_full(&self->forward, (GDestroyNotify)lens_edits_free);
}

void
lens_undo_push(LensUndo *self, const LensEdits *current)
{
  g_queue_push_tail(&self->back, lens_edits_copy(current));
  g_queue_clear_full(&self->forward, (GDestroyNotify)lens_edits_free);
}

static LensEdits *
step(GQueue *from, GQueue *to, const LensEdits *current)
{
  if (g_queue_is_empty(from))
    return NULL;
  g_queue_push_tail(to, lens_edits_copy(current));
  return g_queue_pop_tail(from);
}

LensEdits *
lens_undo_back(LensUndo *self, const LensEdits *current)
{
  return step(&self->back, &self->forward, current);
}

LensEdits *
lens_undo_forward(LensUndo *self, const LensEdits *current)
{
  return step(&self->forward, &self->back, current);
}

gboolean
lens_undo_can_go_back(LensUndo *self)
{
  return !g_queue_is_empty(&self->back);
}

gboolean
lens_undo_can_go_forward(LensUndo *self)
{
  return !g_queue_is_empty(&self->forward);
}
