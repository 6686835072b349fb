#include "lens-tried.h"

#define KEPT 8

typedef struct {
  LensRun *run;
  LensEffects *effects;
} Entry;

struct _LensTried {
  GPtrArray *entries; /* of Entry, the one tried last at the end */
};

static void
entry_free(gpointer data)
{
  Entry *entry = data;

  g_object_unref(entry->run);
  lens_effects_unref(entry->effects);
  g_free(entry);
}

LensTried *
lens_tried_new(void)
{
  LensTried *self = g_new0(LensTried, 1);

  self->entries = g_ptr_array_new_with_free_func(entry_free);
  return self;
}

void
lens_tried_free(LensTried *self)
{
  g_ptr_array_unref(self->entries);
  g_free(self);
}

static gboolean
same_image(LensRun *a, LensRun *b, int image)
{
  LensScene *of_a = lens_run_get_scene(lens_run_get_half(a, image));
  LensScene *of_b = lens_run_get_scene(lens_run_get_half(b, image));
  const char *hash = lens_scene_get_sha256(of_a);

  return of_a == of_b || (hash && g_strcmp0(hash, lens_scene_get_sha256(of_b)) == 0);
}

/* A box that was moved makes another scene of the same image: the edits say where it is. */
static gboolean
same_asking(LensRun *a, LensRun *b)
{
  return lens_run_get_model(a) == lens_run_get_model(b)
         && g_strcmp0(lens_run_get_question(a), lens_run_get_question(b)) == 0
         && lens_run_is_pair(a) == lens_run_is_pair(b) && same_image(a, b, 0) && same_image(a, b, 1)
         && lens_edits_equal(lens_run_get_edits(a), lens_run_get_edits(b));
}

/* The number of entries: there is none. */
static guint
find(LensTried *self, LensRun *run)
{
  guint i = 0;

  while (i < self->entries->len && !same_asking(((Entry *)self->entries->pdata[i])->run, run))
    i++;
  return i;
}

LensEffects *
lens_tried_add(LensTried *self, LensRun *run)
{
  guint known = find(self, run);
  Entry *entry = g_new(Entry, 1);

  *entry = (Entry){ g_object_ref(run), lens_effects_new() };
  if (known < self->entries->len)
    g_ptr_array_remove_index(self->entries, known);
  else if (self->entries->len == KEPT)
    g_ptr_array_remove_index(self->entries, 0);
  g_ptr_array_add(self->entries, entry);
  return entry->effects;
}

LensEffects *
lens_tried_find(LensTried *self, LensRun *run)
{
  guint at = find(self, run);

  return at < self->entries->len ? ((Entry *)self->entries->pdata[at])->effects : NULL;
}
