/* Detectors that a person added: folders that stay where they are, found by how many numbers their features
 * have, since that is what a model asks of them; of several that would do, the one chosen for it. Any
 * thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  char *path;
  int features, classes, attributes, boxes;
  char *warnings; /* sentences, one a line; "" for none */
} LensDetector;

/* Opens the folder (Hugging Face's or our own), or the file of weights, and closes it again. */
LensDetector *lens_detectors_look(const char *path, GError **error);
void lens_detector_free(LensDetector *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensDetector, lens_detector_free)

/* Keeps it in the state folder's list, before those that are there. */
gboolean lens_detectors_add(const char *state_dir, const LensDetector *detector, GError **error);
/* Writes a file of weights as a folder `name` (or the next that is free) among one's own detectors; its
 * path, owned. */
char *lens_detectors_copy(const char *state_dir, const char *file, const char *name,
                          GError **error);
/* The folders of those whose features have so many numbers, shipped ones first, then the last one that
 * was added (`state_dir` NULL: none was). Of char *, owned. */
GPtrArray *lens_detectors_list(const char *data_dir, const char *state_dir, int features);
/* The one that sees for the model (NULL: for any): what was chosen, else the first of the list. Owned;
 * NULL: none is here. */
char *lens_detectors_find(const char *data_dir, const char *state_dir, const char *model_id,
                          int features);
/* ... and the shipped one where none is. */
char *lens_detectors_find_or_shipped(const char *data_dir, const char *state_dir,
                                     const char *model_id, int features);
gboolean lens_detectors_choose(const char *state_dir, const char *model_id, const char *folder,
                               GError **error);
/* Another number after each of the changes above. */
int lens_detectors_get_changes(void);
/* How many numbers the features of the shipped detector have; without one those of the published. */
int lens_detectors_get_shipped_features(const char *data_dir);

G_END_DECLS
