/* Figures as files, exactly as they are shown, with a caption below. */
#pragma once

#include "figure.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef void (*FigurePainter)(cairo_t *cr, void *user_data);

/* Writes what `paint` draws (0..width by 0..height units) as SVG, PDF or PNG, by the name's ending.
 * PNG has two pixels a unit. The caption (may be NULL) is wrapped to the width. The style's
 * background is painted. The file appears whole or not at all. */
bool figure_export(const char *path, double width, double height, const FigureStyle *style,
                   const char *caption, FigurePainter paint, void *user_data, FigureError *error);

typedef enum {
  FIGURE_VIEW_GRAPH,
  FIGURE_VIEW_MATRIX,
  FIGURE_VIEW_HEADS,
} FigureView;

/* Lays out and writes one map. */
bool figure_export_map(const char *path, const FigureMap *map, const FigureReading *reading,
                       FigureView view, const FigureStyle *style, const FigureHighlight *highlight,
                       double width, double height, const char *caption, FigureError *error);

/* The map as read: a line of key labels, then a line per query, comma separated (RFC 4180). The file
 * appears whole or not at all. */
bool figure_export_csv(const char *path, const FigureMap *map, const FigureReading *reading,
                       FigureError *error);

/* The file ending is one that figure_export can write: svg, pdf, png. */
bool figure_export_knows(const char *path);

/* What a file is called until it is whole: beside `path`. Free with free; NULL without memory. */
char *figure_part_name(const char *path);

#ifdef __cplusplus
}
#endif
