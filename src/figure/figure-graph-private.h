/* What the files of the graph share. Internal to src/figure. */
#pragma once

#include "figure-graph.h"

/* Place the nodes and their labels below the heading. */
bool figure_graph_arrange_words(FigureGraph *self, const FigureStyle *style);
bool figure_graph_arrange_boxes(FigureGraph *self, const FigureMap *map, const FigureStyle *style);
bool figure_graph_arrange_cross(FigureGraph *self, const FigureMap *map, const FigureStyle *style);

/* The curve of one edge, between the anchors of its nodes. */
void figure_graph_bend(const FigureGraph *self, FigureEdge *edge);

/* The point of the curve at t in 0..1. */
void figure_edge_point(const FigureEdge *edge, double t, double *x, double *y);
