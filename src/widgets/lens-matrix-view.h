/* One attention map as a matrix: queries down, keys across, with the value under the pointer. */
#pragma once

#include "figure-matrix.h"
#include "lens-run-view.h"

G_BEGIN_DECLS

#define LENS_TYPE_MATRIX_VIEW (lens_matrix_view_get_type())
G_DECLARE_FINAL_TYPE(LensMatrixView, lens_matrix_view, LENS, MATRIX_VIEW, LensRunView)

/* The nodes are the row labels, the column labels, and one cell that arrow keys move over the
 * matrix; its accessible name has the value. */
GtkWidget *lens_matrix_view_new(void);

const FigureMatrix *lens_matrix_view_get_matrix(LensMatrixView *self);

G_END_DECLS
