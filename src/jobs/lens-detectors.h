/* Detectors that a person added: folders that stay where they are, found by how many numbers their features
 * have, since that is what a model asks of them. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  char *path;
  int features, classes, attributes, boxes;
  char *warnings; /* sentences, one a line; "" for none */
} LensDetector;

/* Opens the folder (Hugging Face's or our own) and closes it again. Any thread. */
LensDetector *lens_detectors_look(const char *path, GError **error);
void lens_detector_free(LensDetector *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensDetector, lens_detector_free)

/* Keeps it in the state folder's list, before those of the same features. */
gboolean lens_detectors_add(const char *state_dir, const LensDetector *detector, GError **error);
/* The folder of one whose features have so many numbers: a shipped one, else the one that was added last
 * (`state_dir` NULL: none was). Owned; NULL: none is here. */
char *lens_detectors_find(const char *data_dir, const char *state_dir, int features);
/* ... its folder's name. */
char *lens_detectors_find_name(const char *data_dir, const char *state_dir, int features);
/* How many numbers the features of the shipped detector have; without one those of the published. */
int lens_detectors_get_shipped_features(const char *data_dir);

G_END_DECLS
