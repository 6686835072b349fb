/* Folders that jobs write to. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes the folder and those above it where they are not there yet. FALSE with LENS_ERROR_IO. */
gboolean lens_make_folder(const char *path, GError **error);

/* A folder of that name in `parent`, or the next that is free; not made. Owned. */
char *lens_free_folder(const char *parent, const char *name);

/* Where the folder is written until it is whole: beside it, under a hidden name; empty, what a program
 * that was killed left there is gone. Owned. */
char *lens_part_folder(const char *folder);
/* `ok`: the part becomes the folder, else it goes away. Returns whether the folder is there; `error` is
 * left alone when !ok. */
gboolean lens_finish_folder(const char *part, const char *folder, gboolean ok, GError **error);
/* With its files, which lie flat. */
void lens_delete_folder(const char *path);

G_END_DECLS
