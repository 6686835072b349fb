/* The error domain of everything that LensWorkbench and the jobs report. Messages are sentences
 * for a person: what went wrong, with which file, and what to do. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LENS_ERROR (lens_error_quark())

typedef enum {
  LENS_ERROR_ARGUMENT,    /* the question, image or setting is unusable */
  LENS_ERROR_IO,          /* a file cannot be opened, read or written */
  LENS_ERROR_FORMAT,      /* a file is not what it claims to be */
  LENS_ERROR_MISSING,     /* a needed file, model or tensor is not there */
  LENS_ERROR_MEMORY,      /* not enough memory */
  LENS_ERROR_UNSUPPORTED, /* well-formed, but not something Crosslens does */
  LENS_ERROR_NUMERIC,     /* NaN or infinity where a number is needed */
  LENS_ERROR_STORE,       /* the library's database */
} LensError;

/* A cancelled operation is G_IO_ERROR_CANCELLED, as everywhere in GIO. */
GQuark lens_error_quark(void);

G_END_DECLS
