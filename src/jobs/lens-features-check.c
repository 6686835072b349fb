#include "lens-features-check.h"

#include "lens-detectors.h"
#include "lx-detector-config.h"
#include "lx-regions-report.h"

/* LXMERT's authors published 36 boxes an image, 2048 numbers each. */
enum { PUBLISHED_BOXES = 36, PUBLISHED_FEATURES = 2048 };

void lens_features_check(const LxRegions *regions, LensSanity *out)
{
  LxRegionsReport r;
  lx_regions_report_init(&r);
  lx_regions_report_add(&r, regions);
  *out = (LensSanity){.count = (int)regions->count,
                      .feature_size = (int)regions->feature_size,
                      .outside = (int)r.boxes_outside,
                      .empty = (int)r.boxes_empty,
                      .duplicates = (int)r.boxes_duplicate,
                      .channels_agree = TRUE};
  if (!regions->count)
    return;
  out->box_min = r.box_min;
  out->box_max = r.box_max;
  out->norm_min = r.norm_min;
  out->norm_mean = r.norm_mean;
  out->norm_max = r.norm_max;
  out->unusual = r.not_finite > 0 || r.value_min < 0 || r.norm_min <= 0;
  out->normalised = lx_regions_report_is_normalised(&r);
}

void lens_features_expect(const char *data_dir, const char *state_dir, LensSanity *out)
{
  g_autofree char *folder = lens_detectors_find(data_dir, state_dir, NULL, out->feature_size);
  g_autofree char *path = folder ? g_build_filename(folder, "config.json", NULL) : NULL;
  LxDetectorConfig config;
  if (path && lx_detector_config_read(path, &config, NULL) == LX_OK) {
    out->wanted = config.min_detections;
    out->most = config.max_detections;
  } else if (out->feature_size == PUBLISHED_FEATURES) {
    out->wanted = out->most = PUBLISHED_BOXES;
  }
}
