#include "lens-pair-layout.h"

#define SPACING 4
#define SHAPE (4.0 / 3) /* of most pictures: width by height */

struct _LensPairLayout {
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE(LensPairLayout, lens_pair_layout, GTK_TYPE_LAYOUT_MANAGER)

GtkLayoutManager *
lens_pair_layout_new(void)
{
  return g_object_new(LENS_TYPE_PAIR_LAYOUT, NULL);
}

static GtkWidget *
next_shown(GtkWidget *child)
{
  while (child && !gtk_widget_should_layout(child))
    child = gtk_widget_get_next_sibling(child);
  return child;
}

/* The width of a picture in such a place. */
static double
fit(double width, double height)
{
  return MIN(width, height * SHAPE);
}

/* As when one is below the other: that takes the least width. */
static void
lens_pair_layout_measure(GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation,
                         int for_size, int *minimum, int *natural, int *minimum_baseline,
                         int *natural_baseline)
{
  GtkWidget *child = next_shown(gtk_widget_get_first_child(widget));
  int n = 0;

  *minimum = *natural = 0;
  for (; child; child = next_shown(gtk_widget_get_next_sibling(child)), n++) {
    int least, nice;

    gtk_widget_measure(child, orientation, -1, &least, &nice, NULL, NULL);
    if (orientation == GTK_ORIENTATION_HORIZONTAL) {
      *minimum = MAX(*minimum, least);
      *natural = MAX(*natural, nice);
    } else {
      *minimum += least + (n ? SPACING : 0);
      *natural += nice + (n ? SPACING : 0);
    }
  }
}

static void
lens_pair_layout_allocate(GtkLayoutManager *manager, GtkWidget *widget, int width, int height,
                          int baseline)
{
  GtkWidget *first = next_shown(gtk_widget_get_first_child(widget));
  GtkWidget *second = first ? next_shown(gtk_widget_get_next_sibling(first)) : NULL;
  int half_width = (width - SPACING) / 2, half_height = (height - SPACING) / 2, least = 0;
  gboolean beside, mirrored = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL;

  if (!first)
    return;
  if (!second) {
    gtk_widget_size_allocate(first, &(GtkAllocation){ 0, 0, width, height }, baseline);
    return;
  }
  lens_pair_layout_measure(manager, widget, GTK_ORIENTATION_HORIZONTAL, -1, &least, &(int){ 0 },
                           NULL, NULL);
  beside = half_width >= least && fit(half_width, height) > fit(width, half_height);
  if (beside) {
    GtkAllocation left = { 0, 0, half_width, height };
    GtkAllocation right = { width - half_width, 0, half_width, height };

    gtk_widget_size_allocate(first, mirrored ? &right : &left, -1);
    gtk_widget_size_allocate(second, mirrored ? &left : &right, -1);
  } else {
    gtk_widget_size_allocate(first, &(GtkAllocation){ 0, 0, width, half_height }, -1);
    gtk_widget_size_allocate(second,
                             &(GtkAllocation){ 0, height - half_height, width, half_height }, -1);
  }
}

static void
lens_pair_layout_class_init(LensPairLayoutClass *klass)
{
  GTK_LAYOUT_MANAGER_CLASS(klass)->measure = lens_pair_layout_measure;
  GTK_LAYOUT_MANAGER_CLASS(klass)->allocate = lens_pair_layout_allocate;
}

static void
lens_pair_layout_init(LensPairLayout *self)
{
}
