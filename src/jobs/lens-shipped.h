/* The scenes that come with the program: pictures in data/scenes or data/scenes/images, questions
 * in the .json lists of data/scenes or data/scenes/vqa, in the authors' format ("img_id" is a
 * picture's name without its ending; "sent"). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *path;
  char *image_id;   /* file name without its ending */
  char *name;       /* for a person: "Scene 12", else the image id */
  char **questions; /* at most LENS_SHIPPED_QUESTIONS, NULL-terminated */
} LensShippedScene;

#define LENS_SHIPPED_QUESTIONS 12

/* Of LensShippedScene, by image id; empty when the folder is not there. */
GPtrArray *lens_shipped_list(const char *data_dir);
/* Paths of the question lists, by name; the array owns them. */
GPtrArray *lens_shipped_list_questions(const char *data_dir);

G_END_DECLS
