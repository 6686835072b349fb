/* A training job in words. */
#include <inttypes.h>
#include <glib/gi18n.h>
#include <string.h>

#include "lens-job-view-private.h"

#define MOST_PARENTS 8
#define SHORT_HASH 8

char *
lens_job_view_last_value(LensSeries *series, double smoothing, gboolean percent)
{
  guint n = series ? lens_series_get_n_points(series) : 0;
  double step, value;

  if (!n)
    return NULL;
  lens_series_get_point(series, n - 1, &step, &value);
  if (smoothing > 0) {
    g_autofree double *mean = g_new(double, n);

    lens_series_smooth(series, smoothing, mean);
    value = mean[n - 1];
  }
  return percent ? g_strdup_printf("%.1f%%", 100 * value) : g_strdup_printf("%.3f", value);
}

static const char *
base_name(LensJobView *self, const char *id)
{
  LensModel *base = self->workbench && id ? lens_workbench_find_model(self->workbench, id) : NULL;

  if (base)
    return lens_model_get_name(base);
  if (id && g_str_has_prefix(id, "at:") && strrchr(id, '/')) /* a folder that is not in the list */
    return strrchr(id, '/') + 1;
  return id ? id : "?";
}

static void
add(GString *text, const char *format, ...)
{
  va_list args;

  if (text->len)
    g_string_append(text, " · ");
  va_start(args, format);
  g_string_append_vprintf(text, format, args);
  va_end(args);
}

static void
add_frozen(GString *text, const LensTrainSettings *settings)
{
  if (settings->freeze_embeddings)
    add(text, "%s", _("embeddings kept"));
  if (settings->freeze_language)
    add(text, "%s", _("language layers kept"));
  if (settings->freeze_vision)
    add(text, "%s", _("vision layers kept"));
  if (settings->freeze_cross)
    add(text, "%s", _("cross-modality layers kept"));
  if (settings->freeze_heads)
    add(text, "%s", _("answer heads kept"));
}

char *
lens_job_view_describe_settings(LensJobView *self, const LensTrainSettings *settings)
{
  GString *text = g_string_new(lens_task_get_name(settings->task));

  add(text, _("from %s"), base_name(self, settings->base_model_id));
  if (!settings->data || g_str_equal(settings->data, "demo"))
    add(text, "%s", _("demo questions"));
  else
    add(text, "%s", settings->data);
  if (settings->images)
    add(text, _("%d images of each file"), settings->images);
  if (settings->examples)
    add(text, _("at most %d examples"), settings->examples);
  else
    add(text, "%s", _("all examples"));
  add(text, ngettext("%d epoch", "%d epochs", (gulong)settings->epochs), settings->epochs);
  add(text, _("batch %d"), settings->batch);
  if (settings->accumulate > 1)
    add(text, _("%d batches an update"), settings->accumulate);
  add(text, _("learning rate %g"), settings->learning_rate);
  if (settings->rate_changes)
    add(text, _("changed to %g"), lens_train_settings_get_rate(settings, G_MAXINT));
  add(text, _("warm-up %.0f%%"), 100 * settings->warmup);
  if (settings->dropout >= 0)
    add(text, _("dropout %g"), settings->dropout);
  if (settings->multi_class)
    add(text, "%s", _("one right answer"));
  add_frozen(text, settings);
  add(text, _("seed %" PRIu64), settings->seed);
  return g_string_free(text, FALSE);
}

/* The job whose model this is, or NULL; borrowed. */
static LensTrainJob *
find_maker(LensJobView *self, const char *model_id)
{
  GListModel *jobs = lens_workbench_get_jobs(self->workbench);

  for (guint i = 0; model_id && i < g_list_model_get_n_items(jobs); i++) {
    g_autoptr(LensJob) job = g_list_model_get_item(jobs, i);
    g_autofree char *name = NULL;
    g_autofree char *id = NULL;
    g_autofree char *best = NULL;

    if (!LENS_IS_TRAIN_JOB(job) || !lens_train_job_get_output_dir(LENS_TRAIN_JOB(job)))
      continue;
    name = g_path_get_basename(lens_train_job_get_output_dir(LENS_TRAIN_JOB(job)));
    id = g_strconcat("my:", name, NULL);
    best = g_strconcat(id, "-best", NULL);
    if (g_str_equal(id, model_id) || g_str_equal(best, model_id))
      return LENS_TRAIN_JOB(job);
  }
  return NULL;
}

char *
lens_job_view_describe_lineage(LensJobView *self, LensTrainJob *job)
{
  GString *text = g_string_new(NULL);

  for (int i = 0; job && i < MOST_PARENTS; i++) {
    const char *id = lens_train_job_get_settings(job)->base_model_id;
    const char *hash = lens_train_job_get_base_hash(job);
    g_autofree char *parent
        = g_strdup_printf("%s %.*s", base_name(self, id), SHORT_HASH, hash ? hash : "");

    g_string_prepend(text, " → ");
    g_string_prepend(text, g_strstrip(parent));
    job = find_maker(self, id);
  }
  g_string_append(text, _("this run"));
  return g_string_free(text, FALSE);
}
