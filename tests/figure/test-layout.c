/* The figures' geometry as numbers: everything inside, nothing overlapping, hits where things are. */
#include "figure-fixture.h"
#include "figure-graph.h"
#include "figure-heads.h"
#include "figure-matrix.h"
#include "figure-scene.h"
#include "lx-test.h"

static bool inside(FigureRect r, double w, double h)
{
  return r.x >= -1.0 && r.y >= -1.0 && r.x + r.w <= w + 1.0 && r.y + r.h <= h + 1.0;
}

static bool meet(FigureRect a, FigureRect b)
{
  return a.x + 0.01 < b.x + b.w && b.x + 0.01 < a.x + a.w && a.y + 0.01 < b.y + b.h &&
         b.y + 0.01 < a.y + a.h;
}

/* Two labels of one row or column: upright ones by their rectangles, slanted ones by the distance
 * of their baselines. */
static bool labels_clash(const FigureNode *a, const FigureNode *b)
{
  if (!a->shown[0] || !b->shown[0])
    return false;
  if (fabs(a->label_angle) < 0.1)
    return meet(a->label_rect, b->label_rect);
  double dx = b->label_x - a->label_x, dy = b->label_y - a->label_y;
  return fabs(dx * sin(a->label_angle) - dy * cos(a->label_angle)) < 0.8 * a->label_line;
}

static void check_labels(const FigureGraph *g, const char *what)
{
  int shown = 0;

  for (int i = 0; i < g->n_nodes; i++) {
    const FigureNode *a = &g->nodes[i];
    if (a->hidden)
      continue;
    shown += a->shown[0] != '\0';
    CHECK(!a->shown[0] || inside(a->label_rect, g->width, g->height), "%s: \"%s\" sticks out", what,
          a->shown);
    CHECK(a->anchor_x >= 0 && a->anchor_x <= g->width && a->anchor_y >= 0 &&
              a->anchor_y <= g->height,
          "%s: anchor of %s", what, a->label);
    for (int j = i + 1; j < g->n_nodes; j++) {
      const FigureNode *b = &g->nodes[j];
      if (a->is_word == b->is_word && a->side == b->side && !b->hidden)
        CHECK(!labels_clash(a, b), "%s: \"%s\" and \"%s\" overlap", what, a->shown, b->shown);
    }
  }
  CHECK(shown > 0, "%s: no label at all", what);
}

static void check_edges(const FigureGraph *g, const char *what)
{
  int strong = 0;

  CHECK(g->n_edges > 0, "%s", what);
  for (int i = 0; i < g->n_edges; i++) {
    const FigureEdge *e = &g->edges[i];
    const FigureNode *q = &g->nodes[e->from], *k = &g->nodes[e->to];
    strong += e->strong;
    if (i > 0)
      CHECK(g->edges[i - 1].weight <= e->weight && g->edges[i - 1].width <= e->width + 1e-9 &&
                g->edges[i - 1].alpha <= e->alpha + 1e-9,
            "%s: edge %d", what, i);
    CHECK(q->index == e->query && k->index == e->key && q->is_word == g->query_is_words &&
              k->is_word == g->key_is_words,
          "%s: edge %d joins the wrong nodes", what, i);
    CHECK(e->x[0] == q->anchor_x && e->y[0] == q->anchor_y && e->x[3] == k->anchor_x &&
              e->y[3] == k->anchor_y,
          "%s: edge %d runs elsewhere", what, i);
  }
  CHECK(strong > 0 && strong <= 400, "%s: %d strong edges", what, strong);
  char drawn[32];
  snprintf(drawn, sizeof drawn, " %d/%d", strong, g->n_edges);
  CHECK(!!strstr(g->measure, drawn) == (strong < g->n_edges), "%s: %s", what, g->measure);
  snprintf(drawn, sizeof drawn, ": %.2f", g->edges[g->n_edges - 1].weight);
  CHECK(strstr(g->measure, drawn), "%s: %s", what, g->measure);
  if (g->measure_rect.w > 0)
    CHECK(inside(g->measure_rect, g->width, g->height) && !meet(g->measure_rect, g->heading_rect));
}

static void test_graphs_of_all_sizes(void)
{
  static const int counts[] = {3, 8, 20, 40, 100};
  static const double widths[] = {260, 420, 760, 1200};
  FigureReading reading;
  FigureStyle style;
  FigureError error;
  Fixture f;

  figure_reading_init(&reading);
  figure_style_init(&style, false);
  fixture_init(&f, 5);
  for (int kind = 0; kind < 4; kind++)
    for (int i = 0; i < 5; i++)
      for (int j = 0; j < 4; j++) {
        bool qw = kind != 1 && kind != 3, kw = kind == 0 || kind == 3;
        int n = counts[i], boxes = n < 36 ? 12 : 36;
        FigureMap map = fixture_map(&f, 2, qw ? n : boxes, kw ? n : boxes, qw, kw);
        FigureGraph *g = NULL;
        char what[80];
        snprintf(what, sizeof what, "kind %d, %d words, width %.0f", kind, n, widths[j]);
        CHECK(figure_graph_layout(&map, &reading, &style, widths[j], 420, &g, &error), "%s: %s",
              what, error.message);
        if (!g)
          continue;
        check_labels(g, what);
        check_edges(g, what);
        figure_graph_free(g);
        free(f.values);
        fixture_init(&f, 5);
      }
}

static void test_graph_hits(void)
{
  FigureHighlight none = FIGURE_NO_HIGHLIGHT, hover = FIGURE_NO_HIGHLIGHT;
  FigureReading reading;
  FigureStyle style;
  FigureError error;
  FigureGraph *g = NULL;
  Fixture f;

  figure_reading_init(&reading);
  figure_style_init(&style, true);
  fixture_init(&f, 9);
  FigureMap map = fixture_map(&f, 2, 12, 36, true, false);
  CHECK(figure_graph_layout(&map, &reading, &style, 700, 500, &g, &error));
  CHECK(strstr(g->heading, "query: words -> key: boxes") != NULL, "%s", g->heading);
  for (int w = 0; w < 12; w++) {
    const FigureNode *node = &g->nodes[g->query_node[w]];
    FigureHit hit = figure_graph_hit(g, &none, node->label_rect.x + node->label_rect.w / 2,
                                     node->label_rect.y + node->label_rect.h / 2);
    CHECK(hit.kind == FIGURE_HIT_WORD && hit.word == w, "word %d gave kind %d word %d", w, hit.kind,
          hit.word);
    hover.word = w;
    int shown = 0;
    for (int i = 0; i < g->n_edges; i++)
      if (figure_graph_edge_shown(g, &g->edges[i], &hover)) {
        CHECK(g->edges[i].query == w);
        shown++;
      }
    CHECK(shown > 0 && shown <= 36, "%d edges of word %d", shown, w);
  }
  hover = none;
  hover.pinned_box = 3; /* the other direction: who looks at box 3? */
  for (int i = 0; i < g->n_edges; i++)
    CHECK(figure_graph_edge_shown(g, &g->edges[i], &hover) == (g->edges[i].key == 3));
  figure_graph_free(g);

  map = fixture_map(&f, 1, 36, 12, false, true);
  CHECK(figure_graph_layout(&map, &reading, &style, 700, 500, &g, &error));
  CHECK(strstr(g->heading, "query: boxes -> key: words") != NULL, "%s", g->heading);
  CHECK(g->n_edges > 0 && !g->nodes[g->edges[0].from].is_word && g->nodes[g->edges[0].to].is_word);
  figure_graph_free(g);
  free(f.values);
}

static void test_matrix(void)
{
  FigureReading reading;
  FigureStyle style;
  FigureError error;
  Fixture f;

  figure_reading_init(&reading);
  figure_style_init(&style, false);
  for (int kind = 0; kind < 4; kind++) {
    FigureMatrix *m = NULL;
    fixture_init(&f, 3);
    FigureMap map =
        fixture_map(&f, 4, kind & 1 ? 36 : 20, kind & 2 ? 36 : 20, !(kind & 1), !(kind & 2));
    reading.hide_special = kind == 0;
    CHECK(figure_matrix_layout(&map, &reading, &style, 460, 480, &m, &error), "%s", error.message);
    if (!m)
      continue;
    CHECK(inside(m->cells, 460, 480) && m->cells.w > 150 && m->cells.h > 150,
          "kind %d: %.0f x %.0f", kind, m->cells.w, m->cells.h);
    CHECK(m->n_rows == (kind == 0 ? 17 : map.rows), "%d rows", m->n_rows); /* [CLS] twice, [SEP] */
    for (int r = 0; r < m->n_rows; r++) {
      CHECK(!m->row_labels[r].text[0] || inside(m->row_labels[r].rect, 460, 480));
      CHECK(r == 0 || !meet(m->row_labels[r].rect, m->row_labels[r - 1].rect), "row %d", r);
      for (int c = 0; c < m->n_cols; c++) {
        FigureRect cell = figure_matrix_cell(m, m->row_of[r], m->col_of[c]);
        FigureHit hit = figure_matrix_hit(m, cell.x + cell.w / 2, cell.y + cell.h / 2);
        CHECK(hit.kind == FIGURE_HIT_CELL && hit.query == m->row_of[r] && hit.key == m->col_of[c]);
        CHECK(hit.weight <= m->scale_max);
      }
    }
    for (int c = 0; c < m->n_cols; c++) {
      const FigureAxisLabel *label = &m->col_labels[c];
      CHECK(!label->text[0] || inside(label->rect, 460, 480), "column %d \"%s\"", c, label->text);
      if (c > 0 && label->text[0] && m->col_labels[c - 1].text[0])
        CHECK(fabs(label->angle) < 0.1
                  ? !meet(label->rect, m->col_labels[c - 1].rect)
                  : (label->x - m->col_labels[c - 1].x) * sin(-label->angle) >= 0.8 * label->size,
              "columns %d and %d overlap", c - 1, c);
      FigureHit hit =
          figure_matrix_hit(m, label->x + 3 * cos(label->angle), label->y + 3 * sin(label->angle));
      CHECK((hit.kind == FIGURE_HIT_WORD ? hit.word : hit.box) == m->col_of[c],
            "label of column %d is hit as %d/%d", c, hit.word, hit.box);
    }
    figure_matrix_free(m);
    free(f.values);
  }
}

static void test_heads(void)
{
  const FigureMap *maps[3];
  FigureMap map;
  FigureReading reading;
  FigureStyle style;
  FigureError error;
  FigureHeads *h = NULL;
  Fixture f;

  figure_reading_init(&reading);
  figure_style_init(&style, false);
  fixture_init(&f, 3);
  map = fixture_map(&f, 12, 14, 36, true, false);
  for (int i = 0; i < 3; i++)
    maps[i] = &map;
  CHECK(figure_heads_layout(maps, 3, NULL, &reading, &style, 420, 500, &h, &error));
  CHECK(h->n_panels == 36 && h->height >= 500);
  for (int i = 0; i < h->n_panels; i++) {
    FigureRect r = h->panels[i].cells;
    FigureHit hit = figure_heads_hit(h, r.x + r.w / 2, r.y + r.h / 2);
    CHECK(hit.kind == FIGURE_HIT_HEAD && hit.map == i / 12 && hit.head == i % 12);
    CHECK(inside(r, h->width, h->height));
    CHECK(fabs(r.w / r.h - 36.0 / 14.0) < 0.1, "%f x %f", r.w, r.h);
    for (int j = 0; j < i; j++)
      CHECK(!meet(r, h->panels[j].cells));
  }
  figure_heads_free(h);

  /* Where nothing scrolls, all of it is in the height. Few heads of many maps: maps beside each other
     rather than an empty half. */
  for (int height = 460; height >= 160; height -= 300) {
    double right = 0.0;
    map = fixture_map(&f, 4, 14, 14, true, true);
    CHECK(figure_heads_layout(maps, 3, NULL, &reading, &style, 620, height, &h, &error));
    for (int i = 0; i < h->n_panels; i++) {
      FigureRect r = h->panels[i].cells;
      CHECK(inside(r, h->width, h->height));
      right = fmax(right, r.x + r.w);
      for (int j = 0; j < i; j++)
        CHECK(!meet(r, h->panels[j].cells));
    }
    if (height == 460)
      CHECK(h->height <= 460, "%f", h->height);
    else
      CHECK(right > 480, "%f", right);
    figure_heads_free(h);
  }
  free(f.values);
}

static void test_scene(void)
{
  FigureSceneInput input = {.n = 36, .image_width = 640, .image_height = 480};
  bool removed[36] = {[5] = true};
  FigureStyle style;
  FigureError error;
  FigureScene *s = NULL;
  int shown = 0;
  Fixture f;

  figure_style_init(&style, false);
  fixture_init(&f, 11);
  input.boxes = f.boxes;
  input.labels = f.things;
  input.removed = removed;
  CHECK(figure_scene_layout(&input, &style, 900, 500, &s, &error));
  CHECK(fabs(s->image_rect.w / s->image_rect.h - 4.0 / 3) < 1e-6 && s->image_rect.h == 500);
  for (int i = 0; i < s->n; i++) {
    shown += s->boxes[i].label_shown;
    CHECK(fabs(s->boxes[i].rect.x - s->image_rect.x - (double)f.boxes[4 * i] * s->image_rect.w) <
          1e-6);
    CHECK(!s->boxes[i].label_shown || inside(s->boxes[i].label_rect, 900, 500));
    for (int j = 0; j < i; j++)
      CHECK(!(s->boxes[i].label_shown && s->boxes[j].label_shown &&
              meet(s->boxes[i].label_rect, s->boxes[j].label_rect)),
            "labels %d and %d", i, j);
  }
  CHECK(shown >= 25 && !s->boxes[5].label_shown, "%d labels shown", shown);
  FigureHit hit = figure_scene_hit(s, s->boxes[7].rect.x + 1, s->boxes[7].rect.y + 1);
  CHECK(hit.kind == FIGURE_HIT_BOX);
  hit = figure_scene_hit(s, s->image_rect.x / 2, 5);
  CHECK(hit.kind == FIGURE_HIT_NONE);
  figure_scene_free(s);
}

/* Pictures of the boxes stand between their names and their cells, each over its own row or column;
 * where the cells are too small there are none, and words have none. */
static void test_thumbs(void)
{
  cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 640, 480);
  FigureReading reading;
  FigureStyle style;
  FigureError error;
  FigureMatrix *m = NULL;
  FigureMap map;
  Fixture f;

  figure_reading_init(&reading);
  figure_style_init(&style, false);
  fixture_init(&f, 3);
  map = fixture_map(&f, 2, 9, 12, false, true); /* boxes look at words */
  map.rows = 9;
  map.n_boxes = 9;
  map.image = image;
  CHECK(figure_matrix_layout(&map, &reading, &style, 600, 500, &m, &error));
  CHECK(m->thumbs && m->row_thumb >= 10 && m->col_thumb == 0);
  CHECK(figure_matrix_thumb(m, false, 0).w == 0);
  for (int i = 0; i < m->n_rows; i++) {
    FigureRect r = figure_matrix_thumb(m, true, i), cell = figure_matrix_cell(m, i, 0);
    CHECK(r.w > 0 && inside(r, 600, 500) && r.x + r.w < cell.x);
    CHECK(r.y >= cell.y - 1 && r.y + r.h <= cell.y + cell.h + 1);
    CHECK(m->row_labels[i].rect.x + m->row_labels[i].rect.w <= r.x + 1, "%s",
          m->row_labels[i].text);
    FigureHit hit = figure_matrix_hit(m, r.x + r.w / 2, r.y + r.h / 2);
    CHECK(hit.kind == FIGURE_HIT_BOX && hit.box == i);
  }
  figure_matrix_free(m);
  CHECK(figure_matrix_layout(&map, &reading, &style, 300, 110, &m, &error));
  CHECK(m->row_thumb == 0);
  figure_matrix_free(m);
  free(f.values);
  cairo_surface_destroy(image);
}

static void test_refusals(void)
{
  FigureReading reading;
  FigureStyle style;
  FigureError error = {""};
  FigureGraph *g = NULL;
  FigureMatrix *m = NULL;
  FigureMap map;
  Fixture f;

  figure_reading_init(&reading);
  figure_style_init(&style, false);
  fixture_init(&f, 1);
  map = fixture_map(&f, 2, 5, 7, true, false);
  reading.head = 2;
  CHECK(!figure_graph_layout(&map, &reading, &style, 300, 300, &g, &error) && !g &&
            strstr(error.message, "head 2"),
        "%s", error.message);
  CHECK(!figure_matrix_layout(&map, &reading, &style, 300, 300, &m, &error) && !m);
  reading.head = 0;
  map.n_boxes = 6;
  CHECK(!figure_graph_layout(&map, &reading, &style, 300, 300, &g, &error) &&
            strstr(error.message, "7 boxes"),
        "%s", error.message);
  map.n_boxes = 7;
  CHECK(!figure_graph_layout(&map, &reading, &style, 30, 300, &g, &error));
  map.rows = 0;
  CHECK(!figure_graph_layout(&map, &reading, &style, 300, 300, &g, &error));
  free(f.values);
}

int main(void)
{
  test_graphs_of_all_sizes();
  test_graph_hits();
  test_matrix();
  test_heads();
  test_scene();
  test_thumbs();
  test_refusals();
  return lx_test_end();
}
