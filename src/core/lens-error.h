/* The error domain of the application. Messages are shown to the person as they are: they say
 * what went wrong and what to do. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LENS_ERROR (lens_error_quark())

typedef enum {
  LENS_ERROR_FAILED,
  LENS_ERROR_IMAGE,    /* the file is no image, too large, or damaged */
  LENS_ERROR_MODEL,    /* a model or detector folder is missing or damaged */
  LENS_ERROR_QUESTION, /* empty or too long */
  LENS_ERROR_BUSY,     /* the same work is under way already */
  LENS_ERROR_STORE,    /* the library's database */
  LENS_ERROR_DATA,     /* a data set */
  LENS_ERROR_EXPORT,   /* a figure could not be written */
} LensError;

GQuark lens_error_quark(void);

G_END_DECLS
