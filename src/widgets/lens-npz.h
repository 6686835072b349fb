/* Arrays as NumPy's .npz: a ZIP without compression, one .npy an array. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _LensNpz LensNpz;

LensNpz *lens_npz_new(void);
void lens_npz_free(LensNpz *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensNpz, lens_npz_free)

/* Float32 of `n` dimensions, C order; `name` without ".npy". Copied. */
void lens_npz_add_floats(LensNpz *self, const char *name, const float *values, const gsize *dims,
                         guint n);
/* Unicode strings [n], as NumPy's "<U". */
void lens_npz_add_strings(LensNpz *self, const char *name, const char *const *strings, guint n);

/* The file appears whole or not at all. */
gboolean lens_npz_write(LensNpz *self, const char *path, GError **error);

G_END_DECLS
