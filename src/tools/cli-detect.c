/* detect: what a detector finds in images, as text, JSON, a feature file or a picture. */
#include "cli.h"
#include "cli-json.h"
#include "cli-detect-report.h"
#include "cli-scene.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "figure-export.h"
#include "lx-file.h"
#include "lx-tsv.h"

typedef struct {
  const char *folder, *detector, *tsv, *picture, *boxes, *channels;
  bool as_json, fast;
  LxDetectOptions look;
} Settings;

typedef struct {
  char **paths;
  size_t n, room;
} Paths;

static bool add_path(Paths *paths, char *path)
{
  if (paths->n == paths->room) {
    size_t room = paths->room ? 2 * paths->room : 64;
    char **grown = realloc(paths->paths, room * sizeof *grown);
    if (!grown)
      return false;
    paths->paths = grown;
    paths->room = room;
  }
  paths->paths[paths->n++] = path;
  return path != NULL;
}

static int compare_paths(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool looks_like_image(const char *name)
{
  /* also those that need a loader which may not be installed: they are to be reported */
  static const char *const endings[] = {".png",  ".jpg",  ".jpeg", ".jfif", ".gif",  ".bmp", ".tif",
                                        ".tiff", ".webp", ".pnm",  ".ppm",  ".pgm",  ".pbm", ".svg",
                                        ".ico",  ".tga",  ".xpm",  ".avif", ".heic", ".jp2"};
  const char *dot = strrchr(name, '.');

  for (size_t i = 0; dot && dot != name && i < sizeof endings / sizeof *endings; i++)
    if (!strcasecmp(dot, endings[i]))
      return true;
  return false;
}

static LxStatus list_folder(const char *folder, Paths *paths, LxError *error)
{
  DIR *dir = opendir(folder);
  struct dirent *entry;
  bool ok = true;

  if (!dir)
    return lx_fail(error, LX_ERR_IO, "%s: there is no such folder of images.", folder);
  while (ok && (entry = readdir(dir)) != NULL)
    if (looks_like_image(entry->d_name))
      ok = add_path(paths, lx_file_join(folder, entry->d_name));
  closedir(dir);
  if (!ok)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  if (paths->n == 0)
    return lx_fail(error, LX_ERR_MISSING, "%s holds no image.", folder);
  qsort(paths->paths, paths->n, sizeof *paths->paths, compare_paths);
  return LX_OK;
}

typedef struct {
  const Settings *settings;
  LxDetector *detector;
  LxTsvWriter *writer;
  LxTsv *written; /* the lines that a resumed file holds already */
  int64_t all, at, done, unreadable, skipped, twice, listed;
  double started;
} Batch;

/* Where the whole folder is, with the time that it will take. */
static int progress(double done, const char *what, void *user_data)
{
  const Batch *batch = user_data;
  int64_t before = batch->done + batch->unreadable;
  double spent = cli_now() - batch->started, here = (double)before + done;
  char text[80];

  if (!batch->settings->folder)
    return cli_progress(done, what, "detect");
  snprintf(text, sizeof text, "%lld of %lld", (long long)batch->at + 1, (long long)batch->all);
  if (before > 0)
    snprintf(text + strlen(text), sizeof text - strlen(text), ", %.1f s each", spent / here);
  return cli_progress(((double)batch->at + done) / (double)batch->all, text, "detect");
}

/* The file's name without its folder and ending: the id of its line. */
static void id_of(const char *path, char *id, size_t size)
{
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  const char *dot = strrchr(name, '.');

  snprintf(id, size, "%.*s", (int)(dot && dot > name ? dot - name : (ptrdiff_t)strlen(name)), name);
}

static bool is_written(const Batch *batch, const char *path)
{
  char id[512];

  id_of(path, id, sizeof id);
  return batch->written && lx_tsv_find(batch->written, id) >= 0;
}

/* An earlier file of the sorted list with the same id, or NULL: "a.png" after "a.jpg". */
static const char *same_id(const Paths *paths, size_t at)
{
  char id[512], other[512];

  id_of(paths->paths[at], id, sizeof id);
  for (size_t i = at; i-- > 0;) {
    id_of(paths->paths[i], other, sizeof other);
    if (!strcmp(id, other))
      return paths->paths[i];
    if (strncmp(id, other, strlen(id)) != 0)
      break;
  }
  return NULL;
}

static LxStatus draw(const Batch *batch, const char *path, MediaImage *image, LxRegions *regions,
                     LxError *error)
{
  CliScene scene = {.path = path, .image = image, .detector = batch->detector, .regions = regions};
  LxStatus status = cli_scene_label(&scene, error);

  if (status == LX_OK)
    status = cli_scene_draw(&scene, batch->settings->picture, error);
  cli_scene_unlabel(&scene);
  return status;
}

/* Objects as they come: a folder may hold more than memory does. One image alone is no list. */
static void list(Batch *batch, json_t *json)
{
  bool single = batch->all == 1 && !batch->settings->folder;

  if (!single)
    fputs(batch->listed > 0 ? ",\n" : "[\n", stdout);
  json_dumpf(json, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
  json_decref(json);
  if (single)
    putchar('\n');
  batch->listed++;
}

static void end_list(const Batch *batch)
{
  if (batch->settings->as_json && (batch->settings->folder || batch->all > 1))
    fputs(batch->listed > 0 ? "\n]\n" : "[]\n", stdout);
}

/* One image. An unreadable one is LX_ERR_FORMAT or LX_ERR_IO. */
static LxStatus detect_one(Batch *batch, const char *path, LxError *error)
{
  const Settings *s = batch->settings;
  MediaImage *image = NULL;
  LxRegions *regions = NULL;
  LxDetectReport report = {0};
  CliLook look = {&s->look, progress, batch};
  LxStatus status = cli_read_image(path, &image, error);

  if (status == LX_OK)
    status = cli_detect_image(batch->detector, image, path, &look, &regions, &report, error);
  if (status == LX_OK && batch->writer)
    status = lx_tsv_writer_add(batch->writer, regions, error);
  if (status == LX_OK && s->picture)
    status = draw(batch, path, image, regions, error);
  if (status == LX_OK && s->as_json)
    list(batch, cli_detect_json(path, batch->detector, regions, &report));
  else if (status == LX_OK && !s->folder)
    cli_detect_print(path, batch->detector, regions, &report);
  batch->done += status == LX_OK;
  lx_regions_free(regions);
  media_image_free(image);
  return status;
}

static void leave_out(Batch *batch, const char *path, const char *why)
{
  cli_fail("left out: %s", why);
  if (batch->settings->as_json)
    list(batch, json_pack("{so so}", "image", cli_json_text(path), "error", cli_json_text(why)));
}

/* In a folder an unreadable image is reported and left out; a single one is an error. */
static LxStatus detect_all(Batch *batch, const Paths *paths, LxError *error)
{
  char why[400];

  for (size_t i = 0; i < paths->n; i++) {
    const char *path = paths->paths[i], *other = batch->writer ? same_id(paths, i) : NULL;
    batch->at = (int64_t)i;
    if (other) {
      snprintf(why, sizeof why, "%s: its line would have the id of %s", path, other);
      leave_out(batch, path, why);
      batch->twice++;
      continue;
    }
    if (is_written(batch, path)) {
      batch->skipped++;
      continue;
    }
    LxStatus status = cli_interrupted() ? LX_ERR_CANCELLED : detect_one(batch, path, error);
    if (status == LX_ERR_CANCELLED)
      return lx_fail(
          error, LX_ERR_CANCELLED, "stopped after %lld images%s", (long long)batch->done,
          batch->writer && batch->settings->folder ? "; the same command goes on from there" : "");
    if (status == LX_OK)
      continue;
    if (!batch->settings->folder || (status != LX_ERR_FORMAT && status != LX_ERR_IO))
      return status;
    leave_out(batch, path, error->message);
    batch->unreadable++;
  }
  return LX_OK;
}

/* The file that is to be continued must be of this detector. */
static LxStatus check_written(const Batch *batch, LxError *error)
{
  LxRegions *first = NULL;
  int size = lx_detector_features(batch->detector);
  LxStatus status = lx_tsv_index(batch->written, -1, NULL, NULL, error);

  if (status == LX_OK && lx_tsv_count(batch->written) > 0)
    status = lx_tsv_read(batch->written, 0, &first, error);
  if (status == LX_OK && first && first->feature_size != size)
    status = lx_fail(error, LX_ERR_ARGUMENT,
                     "%s cannot be continued: another detector wrote it (features of %lld numbers, "
                     "not %d). Give another --tsv, or delete it.",
                     batch->settings->tsv, (long long)first->feature_size, size);
  lx_regions_free(first);
  return status;
}

static LxStatus open_batch(Batch *batch, LxError *error)
{
  const Settings *s = batch->settings;
  LxStatus status = lx_detector_open(cli_detector_dir(s->detector), &batch->detector, error);
  bool again = s->tsv && s->folder && lx_file_exists(s->tsv);

  if (status == LX_OK && lx_detector_warnings(batch->detector)[0])
    fprintf(stderr, "crosslens-cli: note: %s\n", lx_detector_warnings(batch->detector));
  if (status == LX_OK && s->tsv)
    status = lx_tsv_writer_open(s->tsv, again, &batch->writer, error);
  if (status == LX_OK && again)
    status = lx_tsv_open(s->tsv, &batch->written, error);
  if (status == LX_OK && again)
    status = check_written(batch, error);
  return status;
}

static int detect(const Settings *s, const Paths *paths)
{
  Batch batch = {.settings = s, .all = (int64_t)paths->n, .started = cli_now()};
  LxError error = {0}, closing = {0};
  LxStatus status = open_batch(&batch, &error);

  if (status == LX_OK) {
    status = detect_all(&batch, paths, &error);
    end_list(&batch);
  }
  if (batch.writer && lx_tsv_writer_close(batch.writer, &closing) != LX_OK && status == LX_OK) {
    error = closing;
    status = closing.code;
  }
  if (s->folder)
    fprintf(stderr, "%lld images done, %lld were there already, %lld unreadable\n",
            (long long)batch.done, (long long)batch.skipped, (long long)batch.unreadable);
  lx_tsv_free(batch.written);
  lx_detector_free(batch.detector);
  return status != LX_OK                      ? cli_fail_error(&error)
         : batch.unreadable + batch.twice > 0 ? CLI_FAILED
                                              : CLI_OK;
}

/* "36", or "10..100". */
static bool read_boxes(const char *text, LxDetectOptions *look)
{
  char end;
  int n = sscanf(text, "%d..%d%c", &look->min_boxes, &look->max_boxes, &end);

  if (n == 1 && sscanf(text, "%d%c", &look->min_boxes, &end) == 1)
    look->max_boxes = look->min_boxes;
  else if (n != 2)
    return false;
  return look->min_boxes >= 1 && look->max_boxes >= look->min_boxes && look->max_boxes <= 1000;
}

static bool read_channels(const char *text, LxDetectOptions *look)
{
  for (int i = 0; i < LX_CHANNELS; i++)
    if (!strcmp(text, lx_channels_name((LxChannelOrder)i))) {
      look->channels = i;
      return true;
    }
  return false;
}

static int check_settings(Settings *s, int argc, char **argv)
{
  lx_detect_options_default(&s->look);
  s->look.fast = s->fast;
  if ((argc > 1) == (s->folder != NULL))
    return cli_usage(argv[0], "give images, or --folder");
  if (s->picture && (argc != 2 || !figure_export_knows(s->picture)))
    return cli_usage(argv[0], "--image draws one image into a .png, .svg or .pdf file");
  if (s->boxes && !read_boxes(s->boxes, &s->look))
    return cli_usage(argv[0], "--boxes is a number from 1 to 1000, or two: 10..100");
  if (s->channels && !read_channels(s->channels, &s->look))
    return cli_usage(argv[0], "--channels is bgr, rgb or as-hf-demo");
  return CLI_GO_ON;
}

int cli_detect(int argc, char **argv)
{
  Settings s = {0};
  Paths paths = {0};
  LxError error = {0};
  const CliOption options[] = {
      {"folder", CLI_STRING, &s.folder, "DIR", "all images of a folder"},
      {"detector", CLI_STRING, &s.detector, "DIR",
       "detector folder, or a .pkl as the authors' (default: the shipped one)"},
      {"json", CLI_FLAG, &s.as_json, NULL, "JSON on standard output, with the sanity report"},
      {"tsv", CLI_STRING, &s.tsv, "FILE",
       "write features as obj36 TSV; with --folder it is continued"},
      {"image", CLI_STRING, &s.picture, "FILE", "draw the boxes of the image: .png, .svg or .pdf"},
      {"boxes", CLI_STRING, &s.boxes, "N",
       "boxes an image, or MIN..MAX (default: the detector's, 36)"},
      {"channels", CLI_STRING, &s.channels, "ORDER",
       "order of the colours: bgr, rgb, as-hf-demo (default: the detector's)"},
      {"fast", CLI_FLAG, &s.fast, NULL,
       "a first look: half the size, 100 proposals; NOT the published features"},
  };
  const CliSpec spec = {"IMAGE... | --folder DIR [--json] [--tsv FILE] [--image FILE] [--boxes N]",
                        "Finds the objects in images: classes, attributes, boxes, features.",
                        options,
                        8,
                        0,
                        -1};
  int code = cli_parse(&spec, &argc, argv);

  if (code == CLI_GO_ON)
    code = check_settings(&s, argc, argv);
  if (code != CLI_GO_ON)
    return code;
  cli_catch_interrupt();
  if (s.folder && list_folder(s.folder, &paths, &error) != LX_OK)
    code = cli_fail_error(&error);
  for (int i = 1; i < argc && code == CLI_GO_ON; i++)
    if (!add_path(&paths, strdup(argv[i])))
      code = cli_fail("Not enough memory.");
  if (code == CLI_GO_ON)
    code = detect(&s, &paths);
  for (size_t i = 0; i < paths.n; i++)
    free(paths.paths[i]);
  free(paths.paths);
  return code;
}
