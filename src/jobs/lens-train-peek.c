#include "lens-train-peek.h"

#include "lens-engine-error.h"
#include "lx-ask.h"
#include "lx-model.h"

#define KEPT_ANSWERS 10

struct _LensTrainPeeker {
  const LensTrainSetupRequest *request;
  const LensTrainSetup *setup;
  GStrv objects, attributes;
  /* of the example that was looked at last */
  gint64 index; /* -1: none yet */
  LensScene *scene;
  GListModel *baseline;
};

static GStrv read_names(const LensTrainSetupRequest *request, const char *file)
{
  g_autofree char *folder = lens_train_data_folder(request->settings, request->data_dir);
  g_autofree char *path = g_build_filename(folder, file, NULL);
  g_autofree char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL) || !g_utf8_validate(text, -1, NULL))
    return g_new0(char *, 1);
  return g_strsplit(text, "\n", -1);
}

LensTrainPeeker *lens_train_peeker_new(const LensTrainSetupRequest *request,
                                       const LensTrainSetup *setup)
{
  LensTrainPeeker *self = g_new0(LensTrainPeeker, 1);
  self->request = request;
  self->setup = setup;
  self->index = -1;
  self->objects = read_names(request, "objects_vocab.txt");
  self->attributes = read_names(request, "attributes_vocab.txt");
  return self;
}

static void forget(LensTrainPeeker *self)
{
  g_clear_object(&self->scene);
  g_clear_object(&self->baseline);
}

void lens_train_peeker_free(LensTrainPeeker *self)
{
  if (!self)
    return;
  forget(self);
  g_strfreev(self->objects);
  g_strfreev(self->attributes);
  g_free(self);
}

/* ---- the scene ---- */

static char *name_of(GStrv names, gint64 id)
{
  if (id >= 0 && id < (gint64)g_strv_length(names) && *names[id]) {
    g_auto(GStrv) synonyms = g_strsplit(g_strstrip(names[id]), ",", 2);
    return g_strdup(synonyms[0]);
  }
  return id >= 0 ? g_strdup_printf("%" G_GINT64_FORMAT, id) : NULL;
}

static GListModel *list_regions(LensTrainPeeker *self, const LxRegions *regions)
{
  GListStore *list = g_list_store_new(LENS_TYPE_REGION);
  for (int64_t i = 0; i < regions->count; i++) {
    g_autofree char *object = name_of(self->objects, regions->object_ids[i]);
    g_autofree char *attribute =
        *self->attributes ? name_of(self->attributes, regions->attribute_ids[i]) : NULL;
    g_autoptr(LensRegion) region = lens_region_new(
        (int)i, object, attribute, (double)regions->object_conf[i], regions->boxes + 4 * i);
    g_list_store_append(list, region);
  }
  return G_LIST_MODEL(list);
}

/* The picture where the data has it, else an even ground of its shape. */
static GdkPixbuf *find_picture(LensTrainPeeker *self, const char *image_id, int width, int height)
{
  g_autofree char *path =
      lens_train_data_find_image(self->request->settings, self->request->data_dir, image_id);
  g_autoptr(GdkPixbuf) read = path ? gdk_pixbuf_new_from_file(path, NULL) : NULL;
  if (read && gdk_pixbuf_get_width(read) == width && gdk_pixbuf_get_height(read) == height)
    return g_steal_pointer(&read);
  if (read) /* features of a scaled picture */
    return gdk_pixbuf_scale_simple(read, width, height, GDK_INTERP_BILINEAR);
  GdkPixbuf *even = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  if (even)
    gdk_pixbuf_fill(even, 0xb8b8b8ff);
  return even;
}

static LensScene *make_scene(LensTrainPeeker *self, const LxTrainExample *example)
{
  const LxRegions *regions = example->image[0];
  int width = (int)CLAMP(regions->width, 1, 8192), height = (int)CLAMP(regions->height, 1, 8192);
  g_autoptr(GdkPixbuf) picture = find_picture(self, example->image_id, width, height);
  g_autoptr(GListModel) list = list_regions(self, regions);
  return picture ? lens_scene_new(0, "", example->image_id, NULL, picture, list) : NULL;
}

/* ---- asking ---- */

static GListModel *read_answers(const LxAsk *ask)
{
  int64_t best[KEPT_ANSWERS];
  int64_t n = lx_ask_top(ask, KEPT_ANSWERS, best);
  const float *probabilities = lx_ask_probabilities(ask);
  GListStore *list = g_list_store_new(LENS_TYPE_ANSWER);
  for (int64_t i = 0; i < n; i++) {
    const char *text = lx_ask_answer_text(ask, best[i]);
    g_autoptr(LensAnswer) answer =
        lens_answer_new((int)best[i], text ? text : "?", (double)probabilities[best[i]]);
    g_list_store_append(list, answer);
  }
  return G_LIST_MODEL(list);
}

static GPtrArray *read_maps(const LxAsk *ask)
{
  GPtrArray *maps = g_ptr_array_new_with_free_func(g_object_unref);
  for (int i = 0; i < lx_ask_map_count(ask); i++) {
    int64_t heads = 0, rows = 0, cols = 0;
    const float *values = lx_ask_map(ask, i, 0, &heads, &rows, &cols);
    g_ptr_array_add(
        maps, lens_map_new(lx_ask_map_name(ask, i), (int)heads, (int)rows, (int)cols, values));
  }
  return maps;
}

static LensRun *make_run(LensTrainPeeker *self, const LxAsk *ask, const char *sentence)
{
  g_autoptr(GListModel) answers = read_answers(ask);
  g_autoptr(GPtrArray) maps = read_maps(ask);
  gint64 n = lx_ask_token_count(ask);
  g_auto(GStrv) tokens = g_new0(char *, n + 1);
  for (gint64 i = 0; i < n; i++)
    tokens[i] = g_strdup(lx_ask_token(ask, i, NULL, NULL));
  if (!self->baseline)
    self->baseline = g_object_ref(answers);
  LensRun *run = lens_run_new(0, sentence, self->scene, self->request->model,
                              (const char *const *)tokens, answers, maps, lx_ask_milliseconds(ask));
  lens_run_set_baseline(run, self->baseline);
  return run;
}

static LensRun *ask_now(LensTrainPeeker *self, const LxTrainExample *example, GError **error)
{
  LxError engine = {0};
  LxModel *model = NULL;
  LxAsk *ask = NULL;
  LensRun *run = NULL;
  const LensTrainBase *base = &self->setup->base;
  LxStatus status =
      lx_model_new(lx_trainer_config(self->setup->trainer), lx_trainer_params(self->setup->trainer),
                   base->vocab_path, base->answers, &model, &engine);
  if (status == LX_OK)
    status = lx_ask_new(model, 0, 0, &ask, &engine);
  if (status == LX_OK)
    status = example->image[1] ? lx_ask_run_pair(ask, example->sentence, example->image[0],
                                                 example->image[1], &engine)
                               : lx_ask_run(ask, example->sentence, example->image[0], &engine);
  if (status == LX_OK)
    run = make_run(self, ask, example->sentence);
  else
    lens_error_from_engine(error, &engine);
  lx_ask_free(ask);
  lx_model_unref(model);
  return run;
}

/* "red" or "red, crimson"; best first as the data has them. */
static char *describe_truth(const LensTrainBase *base, const LxTrainExample *example)
{
  g_autoptr(GString) text = g_string_new(NULL);
  if (example->image[1] && example->label >= 0)
    return g_strdup(example->label ? "true" : "false");
  for (int64_t i = 0; base->answers && i < example->n_targets && i < 3; i++) {
    const char *answer = lx_answers_text(base->answers, example->targets[i].label);
    if (answer)
      g_string_append_printf(text, "%s%s", text->len ? ", " : "", answer);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

LensTrainPeek *lens_train_peeker_look(LensTrainPeeker *self, guint index, GError **error)
{
  LxError engine = {0};
  LxTrainExample example = {0};
  const LxExampleSource *source = lens_train_data_get_validation(self->setup->data);
  if (!source->count || self->request->settings->task == LENS_TASK_PRETRAIN)
    return NULL;
  index %= (guint)source->count;
  if (source->get(source->user_data, index, TRUE, &example, &engine) != LX_OK) {
    lens_error_from_engine(error, &engine);
    return NULL;
  }
  if (index != self->index) {
    forget(self);
    self->index = index;
    self->scene = make_scene(self, &example);
  }
  LensRun *run = self->scene ? ask_now(self, &example, error) : NULL;
  if (!run)
    return NULL;
  LensTrainPeek *peek = g_new0(LensTrainPeek, 1);
  *peek = (LensTrainPeek){run, describe_truth(&self->setup->base, &example), index,
                          (guint)source->count, (guint)lx_trainer_steps(self->setup->trainer)};
  return peek;
}

void lens_train_peek_free(LensTrainPeek *self)
{
  if (!self)
    return;
  g_object_unref(self->run);
  g_free(self->truth);
  g_free(self);
}
