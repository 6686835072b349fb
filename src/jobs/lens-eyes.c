/* The detector of a session: opened at the first picture, its names known from then on. */
#include "lens-engine-error.h"

#include <glib/gi18n.h>

#include "lens-models.h"
#include "lens-session-private.h"
#include "lx-detector.h"

struct _LensEyes {
  char *folder;
  char *fingerprint;    /* NULL until asked for */
  LxDetector *detector; /* NULL until needed */
};

LensEyes *lens_eyes_new(const char *folder)
{
  LensEyes *self = g_new0(LensEyes, 1);
  self->folder = g_strdup(folder);
  return self;
}

const char *lens_eyes_get_folder(LensEyes *self)
{
  return self->folder;
}

void lens_eyes_free(LensEyes *self)
{
  if (!self)
    return;
  lx_detector_free(self->detector);
  g_free(self->folder);
  g_free(self->fingerprint);
  g_free(self);
}

const char *lens_eyes_get_fingerprint(LensEyes *self, GError **error)
{
  g_autoptr(GError) io = NULL;
  if (!self->fingerprint)
    self->fingerprint = lens_models_fingerprint(self->folder, &io);
  if (!self->fingerprint)
    g_set_error(error, LENS_ERROR, LENS_ERROR_MISSING,
                _("The detector cannot be used. %s Install Crosslens with its data again."),
                io->message);
  return self->fingerprint;
}

static gboolean open_detector(LensEyes *self, GError **error)
{
  LxError engine = {0};
  return self->detector || lx_detector_open(self->folder, &self->detector, &engine) == LX_OK ||
         lens_error_from_engine(error, &engine);
}

/* ---- looking ---- */

typedef struct {
  LensSessionProgress progress; /* may be NULL */
  gpointer data;
  GCancellable *cancellable;
} Watch;

static int on_progress(double done, const char *what, void *user_data)
{
  const Watch *watch = user_data;
  if (watch->progress)
    watch->progress(CLAMP(done, 0, 1), what ? what : "Finding objects", watch->data);
  return lens_engine_cancelled(done, what, watch->cancellable);
}

LxRegions *lens_eyes_detect(LensEyes *self, GdkPixbuf *picture, LensSessionProgress progress,
                            gpointer progress_data, GCancellable *cancellable, GError **error)
{
  LxError engine = {0};
  LxRegions *regions = NULL;
  Watch watch = {progress, progress_data, cancellable};
  if (!open_detector(self, error))
    return NULL;
  if (lx_detector_detect(self->detector, gdk_pixbuf_read_pixels(picture),
                         gdk_pixbuf_get_width(picture), gdk_pixbuf_get_height(picture),
                         (size_t)gdk_pixbuf_get_rowstride(picture), NULL, &regions, NULL,
                         on_progress, &watch, &engine) == LX_OK)
    return regions;
  lens_error_from_engine(error, &engine);
  return NULL;
}

LxRegions *lens_eyes_describe(LensEyes *self, GdkPixbuf *picture, const float *boxes, int n,
                              GError **error)
{
  LxError engine = {0};
  LxRegions *regions = NULL;
  if (!open_detector(self, error))
    return NULL;
  if (lx_detector_describe(self->detector, gdk_pixbuf_read_pixels(picture),
                           gdk_pixbuf_get_width(picture), gdk_pixbuf_get_height(picture),
                           (size_t)gdk_pixbuf_get_rowstride(picture), boxes, n, &regions,
                           &engine) == LX_OK)
    return regions;
  lens_error_from_engine(error, &engine);
  return NULL;
}

/* ---- names ---- */

const char *lens_eyes_object(LensEyes *self, gint64 id)
{
  return open_detector(self, NULL) ? lx_detector_class_name(self->detector, id) : NULL;
}

const char *lens_eyes_attribute(LensEyes *self, gint64 id)
{
  return open_detector(self, NULL) ? lx_detector_attribute_name(self->detector, id) : NULL;
}

void lens_eyes_vouch(LensEyes *self, LensSanity *out)
{
  if (!open_detector(self, NULL))
    return;
  const LxDetectorConfig *config = lx_detector_config(self->detector);
  out->wanted = config->min_detections;
  out->most = config->max_detections;
  out->channels = lx_channels_name(config->channels);
  out->channels_agree = lx_channels_agree(config);
}
