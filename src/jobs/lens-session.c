#include "lens-session-private.h"

#include <glib/gi18n.h>

#include "lens-detectors.h"
#include "lens-engine-error.h"
#include "lens-features-check.h"
#include "lens-regions-blob.h"
#include "lens-store-images.h"
#include "lens-store-questions.h"
#include "lens-thumbnail.h"

/* Opened models that are kept; the full-size one takes 900 MB. */
#define KEPT_MINDS 2

/* Pictures that another detector has seen, too: both of a pair, and those before. */
#define KEPT_SEEN 4

LensSession *lens_session_new(const char *data_dir, const char *state_dir, LensStore *store)
{
  LensSession *self = g_new0(LensSession, 1);
  g_autofree char *detector = g_build_filename(data_dir, "models", "detector-world", NULL);
  self->store = g_object_ref(store);
  self->data_dir = g_strdup(data_dir);
  self->state_dir = g_strdup(state_dir);
  self->eyes = lens_eyes_new(detector);
  self->folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  self->seen = g_ptr_array_new_with_free_func(g_object_unref);
  self->minds = g_ptr_array_new_with_free_func((GDestroyNotify)lens_mind_free);
  return self;
}

void lens_session_free(LensSession *self)
{
  if (!self)
    return;
  g_ptr_array_unref(self->minds);
  for (int image = 0; image < 2; image++)
    g_clear_object(&self->placed[image]);
  g_ptr_array_unref(self->seen);
  g_hash_table_unref(self->folders);
  lens_eyes_free(self->eyes);
  lens_eyes_free(self->other);
  g_free(self->data_dir);
  g_free(self->state_dir);
  g_object_unref(self->store);
  g_free(self);
}

/* The detector in that folder; borrowed until the next call. */
static LensEyes *eyes_at(LensSession *self, const char *folder)
{
  if (g_str_equal(folder, lens_eyes_get_folder(self->eyes)))
    return self->eyes;
  if (!self->other || !g_str_equal(folder, lens_eyes_get_folder(self->other))) {
    lens_eyes_free(self->other);
    self->other = lens_eyes_new(folder);
  }
  return self->other;
}

/* The folder of the detector that sees for a model (NULL: any) whose features have so many numbers; NULL:
 * none is here. It is looked for once, until the lists change. Borrowed. */
static const char *find_folder(LensSession *self, const char *model_id, int features)
{
  int changes = lens_detectors_get_changes();
  g_autofree char *key = g_strdup_printf("%d %s", features, model_id ? model_id : "");
  char *folder = NULL;
  if (changes != self->changes)
    g_hash_table_remove_all(self->folders);
  self->changes = changes;
  if (!g_hash_table_lookup_extended(self->folders, key, NULL, (gpointer *)&folder)) {
    folder = lens_detectors_find(self->data_dir, self->state_dir, model_id, features);
    g_hash_table_insert(self->folders, g_steal_pointer(&key), folder);
  }
  return folder;
}

/* A scene knows which detector saw it; one whose features are a file's does not. */
#define DETECTOR_KEY "lens-scene-detector"

const char *lens_session_get_detector(LensScene *scene)
{
  return g_object_get_data(G_OBJECT(scene), DETECTOR_KEY);
}

void lens_session_note_detector(LensScene *scene, const char *folder)
{
  g_object_set_data_full(G_OBJECT(scene), DETECTOR_KEY, g_strdup(folder), g_free);
}

LensEyes *lens_session_eyes(LensSession *self, LensScene *scene)
{
  const char *folder = lens_session_get_detector(scene);
  if (!folder)
    folder = find_folder(self, NULL, (int)lens_session_regions(scene)->feature_size);
  return folder ? eyes_at(self, folder) : self->eyes;
}

const LxRegions *lens_session_regions(LensScene *scene)
{
  return lens_scene_get_engine_data(scene);
}

/* ---- pictures ---- */

/* A picture being opened. */
typedef struct {
  char *bytes;
  gsize size;
  char *sha256;
  GdkPixbuf *picture;
} File;

static void file_clear(File *file)
{
  g_free(file->bytes);
  g_free(file->sha256);
  g_clear_object(&file->picture);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(File, file_clear)

static gboolean read_file(const char *path, File *file, GError **error)
{
  g_autoptr(GError) io = NULL;
  if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_IO,
                _("%s is a folder. Choose an image file (PNG, JPEG, …)."), path);
    return FALSE;
  }
  if (!g_file_get_contents(path, &file->bytes, &file->size, &io)) {
    gboolean gone = g_error_matches(io, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_set_error(error, LENS_ERROR, gone ? LENS_ERROR_MISSING : LENS_ERROR_IO, "%s",
                gone ? "" : io->message);
    if (gone && error) {
      g_free((*error)->message);
      (*error)->message =
          g_strdup_printf(_("The image %s is not there any more. Was it moved or deleted?"), path);
    }
    return FALSE;
  }
  file->sha256 =
      g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)file->bytes, file->size);
  file->picture = lens_picture_read(file->bytes, file->size, path, error);
  return file->picture != NULL;
}

static gboolean has_contents(const char *path, const char *sha256)
{
  g_autofree char *bytes = NULL, *sum = NULL;
  gsize size;
  if (!path || !g_file_get_contents(path, &bytes, &size, NULL))
    return FALSE;
  sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size);
  return g_strcmp0(sum, sha256) == 0;
}

/* Crosslens lies elsewhere on another machine, and a shipped scene that was never opened has no contents
 * in the library. NULL: it is none of them. */
static char *find_shipped(LensSession *self, const char *path, const char *sha256)
{
  static const char *const folders[] = {"scenes/images", "scenes"};
  g_autofree char *name = g_path_get_basename(path);
  for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *here = g_build_filename(self->data_dir, folders[i], name, NULL);
    if (has_contents(here, sha256))
      return g_steal_pointer(&here);
  }
  return NULL;
}

char *lens_session_find_image(LensSession *self, const char *path, const char *sha256,
                              GError **error)
{
  if (has_contents(path, sha256))
    return g_strdup(path);
  g_autoptr(GPtrArray) known = lens_store_list_image_copies(self->store, sha256, NULL);
  for (guint i = 0; known && i < known->len; i++)
    if (has_contents(known->pdata[i], sha256))
      return g_strdup(known->pdata[i]);
  char *shipped = find_shipped(self, path, sha256);
  if (shipped)
    return shipped;
  if (g_file_test(path, G_FILE_TEST_EXISTS))
    return g_strdup(path);
  g_set_error(
      error, LENS_ERROR, LENS_ERROR_MISSING,
      _("The image %s is not there, and the library knows no other place of it. Put it beside "
        "the session's file, or open it once where it is now, then open the session again."),
      path);
  return NULL;
}

/* From the store, or detected and put there. `notice` as in lens_session_open_image. */
static LxRegions *find_regions(LensSession *self, LensEyes *eyes, const char *sha256,
                               GdkPixbuf *picture, LensSessionProgress progress,
                               gpointer progress_data, GCancellable *cancellable, char **notice,
                               GError **error)
{
  const char *detector = lens_eyes_get_fingerprint(eyes, error);
  if (!detector)
    return NULL;
  g_autoptr(GBytes) stored = lens_store_get_regions(self->store, sha256, detector, NULL);
  LxRegions *regions = stored ? lens_regions_from_bytes(stored) : NULL;
  if (regions && regions->width == gdk_pixbuf_get_width(picture) &&
      regions->height == gdk_pixbuf_get_height(picture))
    return regions;
  lx_regions_free(regions);

  regions = lens_eyes_detect(eyes, picture, progress, progress_data, cancellable, error);
  if (!regions)
    return NULL;
  g_autoptr(GError) unkept = NULL;
  g_autoptr(GBytes) bytes = lens_regions_to_bytes(regions);
  if (!lens_store_put_regions(self->store, sha256, detector, bytes, &unkept) && notice && !*notice)
    *notice = g_strdup(unkept->message);
  return regions;
}

LxRegions *lens_session_detect(LensSession *self, const char *path, const char *folder,
                               GCancellable *cancellable, GError **error)
{
  g_auto(File) file = {0};
  if (!read_file(path, &file, error))
    return NULL;
  return find_regions(self, folder ? eyes_at(self, folder) : self->eyes, file.sha256, file.picture,
                      NULL, NULL, cancellable, NULL, error);
}

GListModel *lens_session_list_regions(LensEyes *eyes, const LxRegions *r)
{
  GListStore *list = g_list_store_new(LENS_TYPE_REGION);
  for (int64_t i = 0; i < r->count; i++) {
    g_autoptr(LensRegion) region = lens_region_new((int)i, lens_eyes_object(eyes, r->object_ids[i]),
                                                   lens_eyes_attribute(eyes, r->attribute_ids[i]),
                                                   r->object_conf[i], r->boxes + 4 * i);
    g_list_store_append(list, region);
  }
  return G_LIST_MODEL(list);
}

static void check_features(LensEyes *eyes, LensScene *scene, const LxRegions *regions)
{
  LensSanity sanity;
  lens_features_check(regions, &sanity);
  for (int64_t i = 0; i < regions->count; i++)
    sanity.unnamed += !lens_eyes_object(eyes, regions->object_ids[i]) ||
                      !lens_eyes_attribute(eyes, regions->attribute_ids[i]);
  lens_eyes_vouch(eyes, &sanity);
  lens_scene_set_sanity(scene, &sanity);
}

/* The row of the image in the store; 0 when it could not be kept. */
static gint64 keep_image(LensSession *self, const char *path, const char *name, const File *file,
                         char **notice)
{
  g_autoptr(GError) unkept = NULL;
  g_autoptr(GdkPixbuf) thumbnail = lens_thumbnail_make(file->picture);
  g_autoptr(GBytes) png = lens_thumbnail_to_png(thumbnail);
  LensStoreImage row = {
      .path = (char *)path,
      .name = (char *)name,
      .sha256 = file->sha256,
      .size = (gint64)file->size,
      .width = gdk_pixbuf_get_width(file->picture),
      .height = gdk_pixbuf_get_height(file->picture),
      .thumbnail = png,
  };
  gint64 id = lens_store_put_image(self->store, &row, &unkept);
  if (!id && !*notice)
    *notice = g_strdup(unkept->message);
  return id;
}

/* A shipped scene keeps its name; an own image is called by its file's name. */
static char *name_of(LensSession *self, const char *path)
{
  g_autoptr(LensStoreImage) known = lens_store_find_image(self->store, path, NULL);
  return known ? g_strdup(known->name) : g_path_get_basename(path);
}

static void free_regions(gpointer regions)
{
  lx_regions_free(regions);
}

LensScene *lens_session_open_image(LensSession *self, const char *path,
                                   LensSessionProgress progress, gpointer progress_data,
                                   GCancellable *cancellable, char **notice, GError **error)
{
  g_auto(File) file = {0};
  progress(0, _("Reading the image"), progress_data);
  if (!read_file(path, &file, error))
    return NULL;
  LxRegions *regions = find_regions(self, self->eyes, file.sha256, file.picture, progress,
                                    progress_data, cancellable, notice, error);
  if (!regions)
    return NULL;
  g_autofree char *name = name_of(self, path);
  gint64 id = keep_image(self, path, name, &file, notice);
  g_autoptr(GListModel) list = lens_session_list_regions(self->eyes, regions);
  LensScene *scene = lens_scene_new(id, path, name, file.sha256, file.picture, list);
  lens_scene_set_engine_data(scene, regions, free_regions);
  lens_session_note_detector(scene, lens_eyes_get_folder(self->eyes));
  check_features(self->eyes, scene, regions);
  return scene;
}

/* ---- questions ---- */

static LensMind *find_mind(LensSession *self, LensModel *model, GError **error)
{
  for (guint i = 0; i < self->minds->len; i++) {
    LensMind *mind = self->minds->pdata[i];
    if (g_strcmp0(lens_mind_get_id(mind), lens_model_get_id(model)) != 0)
      continue;
    mind = g_ptr_array_steal_index(self->minds, i);
    if (lens_mind_is_fresh(mind)) {
      g_ptr_array_add(self->minds, mind);
      return mind;
    }
    lens_mind_free(mind);
    break;
  }
  if (self->minds->len >= KEPT_MINDS)
    g_ptr_array_remove_index(self->minds, 0);
  LensMind *mind = lens_mind_open(model, error);
  if (mind)
    g_ptr_array_add(self->minds, mind);
  return mind;
}

gboolean lens_session_check_model(LensSession *self, LensModel *model, GError **error)
{
  return find_mind(self, model, error) != NULL;
}

/* The question's id in the store; 0 when it could not be kept. */
static gint64 keep_question(LensSession *self, const LensSessionAsk *ask, LensMind *mind,
                            char **notice)
{
  g_autoptr(GError) unkept = NULL;
  g_autoptr(GListModel) list = lens_mind_get_answers(mind);
  guint n = g_list_model_get_n_items(list);
  g_autofree LensStoreAnswer *answers = g_new0(LensStoreAnswer, n + 1);
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensAnswer) answer = g_list_model_get_item(list, i);
    answers[i].text = (char *)lens_answer_get_text(answer); /* the list keeps it */
    answers[i].probability = lens_answer_get_probability(answer);
  }
  LensStoreQuestion row = {
      .image_id = lens_scene_get_id(ask->scene),
      .second_id = ask->right ? lens_scene_get_id(ask->right) : 0,
      .text = (char *)ask->question,
      .model_id = (char *)lens_model_get_id(ask->model),
      .milliseconds = lens_mind_get_milliseconds(mind),
      .n_answers = n,
      .answers = answers,
  };
  if (!row.image_id || (ask->right && !row.second_id))
    return 0;
  gint64 id = lens_store_put_question(self->store, &row, &unkept);
  if (!id && !*notice)
    *notice = g_strdup(unkept->message);
  return id;
}

/* The picture as the model's detector saw it: `scene` itself where that one did, where its features are a
 * file's and fit, or where no such detector is here. Owned. */
static LensScene *see(LensSession *self, LensScene *scene, LensModel *model,
                      GCancellable *cancellable, GError **error)
{
  int features = lens_model_get_info(model)->features; /* 0: unknown */
  const char *folder = features ? find_folder(self, lens_model_get_id(model), features) : NULL;
  const char *own = lens_session_get_detector(scene), *sha256 = lens_scene_get_sha256(scene);
  if (!folder ||
      (own ? g_str_equal(own, folder) : lens_session_regions(scene)->feature_size == features))
    return g_object_ref(scene);
  for (guint i = 0; i < self->seen->len; i++) {
    LensScene *known = self->seen->pdata[i];
    if (g_strcmp0(lens_scene_get_sha256(known), sha256) == 0 &&
        g_strcmp0(lens_session_get_detector(known), folder) == 0)
      return g_object_ref(known);
  }
  LensEyes *eyes = eyes_at(self, folder);
  LxRegions *regions = find_regions(self, eyes, sha256, lens_scene_get_pixbuf(scene), NULL, NULL,
                                    cancellable, NULL, error);
  if (!regions)
    return NULL;
  g_autoptr(GListModel) list = lens_session_list_regions(eyes, regions);
  LensScene *other =
      lens_scene_new(lens_scene_get_id(scene), lens_scene_get_path(scene),
                     lens_scene_get_name(scene), sha256, lens_scene_get_pixbuf(scene), list);
  lens_scene_set_engine_data(other, regions, free_regions);
  lens_session_note_detector(other, folder);
  check_features(eyes, other, regions);
  if (self->seen->len >= KEPT_SEEN)
    g_ptr_array_remove_index(self->seen, 0);
  g_ptr_array_add(self->seen, g_object_ref(other));
  return other;
}

typedef struct {
  LensScene *scene, *right;
} Placed;

static void placed_clear(Placed *self)
{
  g_clear_object(&self->scene);
  g_clear_object(&self->right);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Placed, placed_clear)

static LensScene *see_placed(LensSession *self, const LensSessionAsk *ask, LensScene *scene,
                             int image, GCancellable *cancellable, GError **error)
{
  g_autoptr(LensScene) seen = see(self, scene, ask->model, cancellable, error);
  return seen ? lens_session_place(self, seen, image, ask->edits, error) : NULL;
}

/* The ask with the model's own boxes, where the edits put them. FALSE with `error`; *own is what it
 * refers to. */
static gboolean place_boxes(LensSession *self, const LensSessionAsk *ask, Placed *own,
                            LensSessionAsk *placed, GCancellable *cancellable, GError **error)
{
  own->scene = see_placed(self, ask, ask->scene, 0, cancellable, error);
  own->right =
      own->scene && ask->right ? see_placed(self, ask, ask->right, 1, cancellable, error) : NULL;
  *placed = *ask;
  placed->scene = own->scene;
  placed->right = own->right;
  return own->scene && (own->right || !ask->right);
}

LensRun *lens_session_ask(LensSession *self, const LensSessionAsk *ask, GCancellable *cancellable,
                          char **notice, GError **error)
{
  g_auto(Placed) own = {0};
  LensSessionAsk placed;
  LensMind *mind = find_mind(self, ask->model, error);
  if (!mind || !place_boxes(self, ask, &own, &placed, cancellable, error) ||
      !lens_mind_ask(mind, &placed, cancellable, error))
    return NULL;
  gint64 id = ask->edits ? 0 : keep_question(self, &placed, mind, notice);
  return lens_mind_get_run(mind, &placed, id);
}

/* The mind whose last ask is this one; NULL with `error`. */
static LensMind *hold(LensSession *self, const LensSessionAsk *ask, GCancellable *cancellable,
                      GError **error)
{
  g_auto(Placed) own = {0};
  LensSessionAsk placed;
  LensMind *mind = find_mind(self, ask->model, error);
  if (!mind || !place_boxes(self, ask, &own, &placed, cancellable, error) ||
      !lens_mind_ask(mind, &placed, cancellable, error))
    return NULL;
  return mind;
}

LensRelevancy *lens_session_explain(LensSession *self, const LensSessionAsk *ask, int image,
                                    int answer, LensExplain method, GCancellable *cancellable,
                                    GError **error)
{
  LensMind *mind = hold(self, ask, cancellable, error);
  return mind ? lens_mind_explain(mind, image, answer, method, error) : NULL;
}

LensNeuron *lens_session_look_at_head(LensSession *self, const LensSessionAsk *ask, int image,
                                      const char *map, int head, GCancellable *cancellable,
                                      GError **error)
{
  LensMind *mind = hold(self, ask, cancellable, error);
  return mind ? lens_mind_look_at_head(mind, image, map, head, error) : NULL;
}

static LensHidden *hidden_of(LensSession *self, const LensSessionAsk *ask, int image,
                             GCancellable *cancellable, GError **error)
{
  LensMind *mind = hold(self, ask, cancellable, error);
  return mind ? lens_mind_get_hidden(mind, image, error) : NULL;
}

LensStates *lens_session_look_at_states(LensSession *self, const LensSessionAsk *ask, int image,
                                        const LensSessionAsk *beside, int beside_image,
                                        GCancellable *cancellable, GError **error)
{
  g_autoptr(LensHidden) other =
      beside ? hidden_of(self, beside, beside_image, cancellable, error) : NULL;
  g_autoptr(LensHidden) own =
      other || !beside ? hidden_of(self, ask, image, cancellable, error) : NULL;
  return own ? lens_hidden_to_states(own, other) : NULL;
}
