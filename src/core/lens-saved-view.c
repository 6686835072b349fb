#include "lens-saved-view.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#include "lens-write.h"

#define GROUP "Crosslens"
#define HELD "Held"       /* the run that is held as A */
#define END "End"         /* what a file that is cut short does not have */
#define VERSION 3         /* 1 had no weights' hash and nothing pinned; 2 had no end */
#define MOST_EDITS 100000 /* in one list; more is no file of ours */

static const char *const gate_names[] = { "on", "zero", "uniform" };
static const char *const reading_names[] = {
  "head", "mean", "max", "rollout", "relevancy", "gradient", "gradient-attention", "several"
};
G_STATIC_ASSERT(G_N_ELEMENTS(reading_names) == LENS_N_READINGS);
static const char *const compare_names[] = { "b", "both", "more", "less", "a" };
static const char *const target_names[] = { "none", "word", "box", "cell" };

/* Which run: what was asked of what, with which changes. */
static LensSavedView *
new_of_run(LensRun *run)
{
  LensSavedView *self = g_new0(LensSavedView, 1);
  LensScene *scene = lens_run_get_scene(run);

  self->image = g_strdup(lens_scene_get_path(scene));
  self->sha256 = g_strdup(lens_scene_get_sha256(scene));
  self->question = g_strdup(lens_run_get_question(run));
  self->model = g_strdup(lens_model_get_id(lens_run_get_model(run)));
  self->model_hash = g_strdup(lens_model_get_info(lens_run_get_model(run))->hash);
  self->edits
      = lens_run_get_edits(run) ? lens_edits_copy(lens_run_get_edits(run)) : lens_edits_new();
  self->pinned = lens_target_none();
  return self;
}

LensSavedView *
lens_saved_view_new(LensRun *run, LensSelection *selection, const char *view)
{
  LensSavedView *self = new_of_run(run);

  self->map = g_strdup(lens_selection_get_picked(selection, &self->head));
  self->reading = lens_selection_get_reading(selection);
  self->hide_special = lens_selection_get_hide_special(selection);
  self->top_p = lens_selection_get_top_p(selection);
  self->renormalise = lens_selection_get_renormalise(selection);
  self->answer = lens_selection_get_answer(selection);
  self->pinned = lens_selection_get_pinned(selection);
  self->chosen = lens_selection_get_chosen(selection);
  self->merge_words = lens_selection_get_merge_words(selection);
  self->view = g_strdup(view);
  return self;
}

void
lens_saved_view_hold(LensSavedView *self, LensRun *run)
{
  LensScene *partner = lens_run_is_pair(run) ? lens_run_get_scene(lens_run_get_half(run, 1)) : NULL;

  lens_saved_view_free(self->held);
  self->held = new_of_run(run);
  if (partner) {
    self->held->partner = g_strdup(lens_scene_get_path(partner));
    self->held->partner_sha256 = g_strdup(lens_scene_get_sha256(partner));
  }
}

void
lens_saved_view_free(LensSavedView *self)
{
  if (!self)
    return;
  g_free(self->image);
  g_free(self->sha256);
  g_free(self->question);
  g_free(self->model);
  g_free(self->model_hash);
  g_free(self->partner);
  g_free(self->partner_sha256);
  g_free(self->map);
  g_free(self->view);
  lens_edits_free(self->edits);
  lens_saved_view_free(self->held);
  g_free(self);
}

LensSavedView *
lens_saved_view_copy(const LensSavedView *self)
{
  LensSavedView *copy = g_memdup2(self, sizeof *self);

  copy->image = g_strdup(self->image);
  copy->sha256 = g_strdup(self->sha256);
  copy->question = g_strdup(self->question);
  copy->model = g_strdup(self->model);
  copy->model_hash = g_strdup(self->model_hash);
  copy->partner = g_strdup(self->partner);
  copy->partner_sha256 = g_strdup(self->partner_sha256);
  copy->map = g_strdup(self->map);
  copy->view = g_strdup(self->view);
  copy->edits = lens_edits_copy(self->edits);
  copy->held = self->held ? lens_saved_view_copy(self->held) : NULL;
  return copy;
}

/* ---- writing ---- */

static void
set_string(GKeyFile *file, const char *group, const char *key, const char *value)
{
  if (value)
    g_key_file_set_string(file, group, key, value);
}

static void
add_gate(const char *map, int head, LensGate gate, gpointer list)
{
  g_ptr_array_add(list, g_strdup_printf("%s/%d/%s", map, head, gate_names[gate]));
}

/* "36/0.1/0.2/0.3/0.4", written so that the same bits come back; owned. */
static char *
format_place(const LensPlacedBox *place)
{
  GString *text = g_string_new(NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_printf(text, "%d", place->box);
  for (int k = 0; k < 4; k++)
    g_string_append_printf(text, "/%s", g_ascii_dtostr(number, sizeof number, place->rect[k]));
  return g_string_free(text, FALSE);
}

static void
write_places(GKeyFile *file, const char *group, const LensEdits *edits)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);

  for (int image = 0; image < 2; image++) {
    guint n;
    const LensPlacedBox *places = lens_edits_get_placed_boxes(edits, image, &n);

    for (guint i = 0; i < n; i++)
      g_ptr_array_add(list, format_place(&places[i]));
  }
  if (list->len)
    g_key_file_set_string_list(file, group, "placed-boxes", (const char *const *)list->pdata,
                               list->len);
}

/* "cell/2/5/0": kind, index, other, side. */
static void
write_pinned(GKeyFile *file, LensTarget target)
{
  g_autofree char *text = g_strdup_printf("%s/%d/%d/%d", target_names[target.kind], target.index,
                                          target.other, target.side);

  if (target.kind != LENS_TARGET_NONE)
    g_key_file_set_string(file, GROUP, "pinned", text);
}

static void
write_edits(GKeyFile *file, const char *group, const LensEdits *edits)
{
  g_autoptr(GPtrArray) gates = g_ptr_array_new_with_free_func(g_free);
  guint n;
  const int *items;

  lens_edits_foreach_gate(edits, add_gate, gates);
  if (gates->len)
    g_key_file_set_string_list(file, group, "gates", (const char *const *)gates->pdata, gates->len);
  write_places(file, group, edits);
  set_string(file, group, "wording", lens_edits_get_wording(edits));
  items = lens_edits_get_removed_boxes(edits, &n);
  if (n)
    g_key_file_set_integer_list(file, group, "removed-boxes", (int *)items, n);
  items = lens_edits_get_masked_words(edits, &n);
  if (n)
    g_key_file_set_integer_list(file, group, "masked-words", (int *)items, n);
}

static void
write_run(GKeyFile *file, const char *group, const LensSavedView *self)
{
  set_string(file, group, "image", self->image);
  set_string(file, group, "sha256", self->sha256);
  set_string(file, group, "question", self->question);
  set_string(file, group, "model", self->model);
  set_string(file, group, "model-hash", self->model_hash);
  set_string(file, group, "second-image", self->partner);
  set_string(file, group, "second-sha256", self->partner_sha256);
  write_edits(file, group, self->edits);
}

gboolean
lens_saved_view_write(const LensSavedView *self, const char *path, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autofree char *text = NULL;
  gsize size;

  g_key_file_set_integer(file, GROUP, "version", VERSION);
  write_run(file, GROUP, self);
  g_key_file_set_integer(file, GROUP, "half", self->half);
  g_key_file_set_integer(file, GROUP, "answer", self->answer);
  g_key_file_set_boolean(file, GROUP, "renormalise", self->renormalise);
  write_pinned(file, self->pinned);
  g_key_file_set_uint64(file, GROUP, "chosen-heads", self->chosen);
  g_key_file_set_boolean(file, GROUP, "merge-words", self->merge_words);
  set_string(file, GROUP, "map", self->map);
  g_key_file_set_integer(file, GROUP, "head", self->head);
  set_string(file, GROUP, "reading", reading_names[self->reading]);
  g_key_file_set_boolean(file, GROUP, "hide-special", self->hide_special);
  g_key_file_set_double(file, GROUP, "top-p", self->top_p);
  set_string(file, GROUP, "view", self->view);
  if (self->held) {
    set_string(file, GROUP, "compare", compare_names[self->compare]);
    write_run(file, HELD, self->held);
  }
  g_key_file_set_boolean(file, END, "whole", TRUE);
  text = g_key_file_to_data(file, &size, NULL);
  return lens_write_file(path, text, (gssize)size, error);
}

/* ---- reading ---- */

static void
read_gates(GKeyFile *file, const char *group, LensEdits *edits)
{
  g_auto(GStrv) gates = g_key_file_get_string_list(file, group, "gates", NULL, NULL);

  for (guint i = 0; gates && gates[i] && i < MOST_EDITS; i++) {
    g_auto(GStrv) parts = g_strsplit(gates[i], "/", 4);
    LensModule module;
    int layer;
    gint64 head;

    if (g_strv_length(parts) != 3 || !lens_map_parse_name(parts[0], &module, &layer))
      continue;
    head = g_ascii_strtoll(parts[1], NULL, 10);
    for (guint gate = 0; gate < G_N_ELEMENTS(gate_names); gate++) {
      if (head >= 0 && head < 10000 && g_str_equal(parts[2], gate_names[gate]))
        lens_edits_set_gate(edits, parts[0], (int)head, gate);
    }
  }
}

static void
read_places(GKeyFile *file, const char *group, LensEdits *edits)
{
  g_auto(GStrv) places = g_key_file_get_string_list(file, group, "placed-boxes", NULL, NULL);

  for (guint i = 0; places && places[i] && i < MOST_EDITS; i++) {
    g_auto(GStrv) parts = g_strsplit(places[i], "/", 6);
    float rect[4];
    gint64 box;

    if (g_strv_length(parts) != 5)
      continue;
    box = g_ascii_strtoll(parts[0], NULL, 10);
    for (int k = 0; k < 4; k++)
      rect[k] = (float)g_ascii_strtod(parts[k + 1], NULL);
    if (box >= 0 && box < MOST_EDITS && rect[0] >= 0 && rect[1] >= 0 && rect[2] <= 1 && rect[3] <= 1
        && rect[0] < rect[2] && rect[1] < rect[3])
      lens_edits_place_box(edits, (int)box, rect);
  }
}

static void
read_indices(GKeyFile *file, const char *group, const char *key, LensEdits *edits,
             void (*set)(LensEdits *, int, gboolean))
{
  gsize n = 0;
  g_autofree int *items = g_key_file_get_integer_list(file, group, key, &n, NULL);

  for (gsize i = 0; i < MIN(n, MOST_EDITS); i++) {
    if (items[i] >= 0)
      set(edits, items[i], TRUE);
  }
}

static void
read_pinned(GKeyFile *file, LensTarget *target)
{
  g_autofree char *text = g_key_file_get_string(file, GROUP, "pinned", NULL);
  g_auto(GStrv) parts = g_strsplit(text ? text : "", "/", 5);

  *target = lens_target_none();
  if (g_strv_length(parts) != 4)
    return;
  for (guint i = 0; i < G_N_ELEMENTS(target_names); i++) {
    if (g_str_equal(parts[0], target_names[i]))
      target->kind = i;
  }
  target->index = (int)CLAMP(g_ascii_strtoll(parts[1], NULL, 10), 0, MOST_EDITS);
  target->other = (int)CLAMP(g_ascii_strtoll(parts[2], NULL, 10), -1, MOST_EDITS);
  target->side
      = (LensTargetSide)CLAMP(g_ascii_strtoll(parts[3], NULL, 10), LENS_AS_EITHER, LENS_AS_KEY);
}

static void
read_run(GKeyFile *file, const char *group, LensSavedView *self)
{
  g_autofree char *wording = g_key_file_get_string(file, group, "wording", NULL);

  self->image = g_key_file_get_string(file, group, "image", NULL);
  self->sha256 = g_key_file_get_string(file, group, "sha256", NULL);
  self->question = g_key_file_get_string(file, group, "question", NULL);
  self->model = g_key_file_get_string(file, group, "model", NULL);
  self->model_hash = g_key_file_get_string(file, group, "model-hash", NULL);
  self->partner = g_key_file_get_string(file, group, "second-image", NULL);
  self->partner_sha256 = g_key_file_get_string(file, group, "second-sha256", NULL);
  self->edits = lens_edits_new();
  self->pinned = lens_target_none();
  read_gates(file, group, self->edits);
  read_places(file, group, self->edits);
  lens_edits_set_wording(self->edits, wording);
  read_indices(file, group, "removed-boxes", self->edits, lens_edits_set_box_removed);
  read_indices(file, group, "masked-words", self->edits, lens_edits_set_word_masked);
}

/* A run without image, question or model is none. */
static void
read_held(GKeyFile *file, LensSavedView *self)
{
  g_autoptr(LensSavedView) held = g_new0(LensSavedView, 1);
  g_autofree char *compare = g_key_file_get_string(file, GROUP, "compare", NULL);

  read_run(file, HELD, held);
  if (!held->image || !held->question || !held->model)
    return;
  self->held = g_steal_pointer(&held);
  for (guint i = 0; i < G_N_ELEMENTS(compare_names); i++) {
    if (g_strcmp0(compare, compare_names[i]) == 0)
      self->compare = i;
  }
}

/* What came with version 2; what is missing is as it was before. */
static void
read_selection(GKeyFile *file, LensSavedView *self)
{
  g_autoptr(GError) missing = NULL;

  self->half = CLAMP(g_key_file_get_integer(file, GROUP, "half", NULL), 0, 2);
  self->renormalise = !g_key_file_has_key(file, GROUP, "renormalise", NULL)
                      || g_key_file_get_boolean(file, GROUP, "renormalise", NULL);
  self->answer = g_key_file_get_integer(file, GROUP, "answer", &missing);
  if (missing || self->answer < 0)
    self->answer = -1;
  read_pinned(file, &self->pinned);
  self->chosen = g_key_file_get_uint64(file, GROUP, "chosen-heads", NULL);
  self->merge_words = g_key_file_get_boolean(file, GROUP, "merge-words", NULL);
}

LensSavedView *
lens_saved_view_read(const char *path, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autoptr(LensSavedView) self = g_new0(LensSavedView, 1);
  g_autofree char *reading = NULL;
  double top_p;
  int version;

  if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, error)) {
    g_prefix_error(error, _("%s is no session of Crosslens: "), path);
    return NULL;
  }
  read_run(file, GROUP, self);
  version = g_key_file_get_integer(file, GROUP, "version", NULL);
  if (!self->image || !self->question || version < 1 || version > VERSION) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                _("%s is no session of this version of Crosslens."), path);
    return NULL;
  }
  if (version >= 3 && !g_key_file_get_boolean(file, END, "whole", NULL)) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                _("%s is cut short: a part of the session is missing. Get the file again."), path);
    return NULL;
  }
  self->map = g_key_file_get_string(file, GROUP, "map", NULL);
  self->view = g_key_file_get_string(file, GROUP, "view", NULL);
  self->head = CLAMP(g_key_file_get_integer(file, GROUP, "head", NULL), 0, 9999);
  self->hide_special = g_key_file_get_boolean(file, GROUP, "hide-special", NULL);
  top_p = g_key_file_get_double(file, GROUP, "top-p", NULL);
  self->top_p = top_p > 0 && top_p <= 1 ? top_p : 1;
  reading = g_key_file_get_string(file, GROUP, "reading", NULL);
  for (guint i = 0; i < G_N_ELEMENTS(reading_names); i++) {
    if (g_strcmp0(reading, reading_names[i]) == 0)
      self->reading = i;
  }
  read_selection(file, self);
  read_held(file, self);
  return g_steal_pointer(&self);
}

void
lens_saved_view_apply(const LensSavedView *self, LensSelection *selection)
{
  LensModule module;
  int layer;

  if (lens_map_parse_name(self->map, &module, &layer))
    lens_selection_set_cell(selection, self->map, self->head);
  lens_selection_set_merge_words(selection, self->merge_words);
  lens_selection_set_reading(selection, self->reading);
  lens_selection_set_chosen(selection,
                            self->chosen); /* the reading may begin with the head alone */
  lens_selection_set_hide_special(selection, self->hide_special);
  lens_selection_set_renormalise(selection, self->renormalise);
  lens_selection_set_top_p(selection, self->top_p);
}
