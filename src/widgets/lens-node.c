#include "lens-node.h"

struct _LensNode {
  GtkWidget parent_instance;

  char *name;
  gboolean selected;
};

G_DEFINE_FINAL_TYPE(LensNode, lens_node, GTK_TYPE_WIDGET)

LensNode *
lens_node_new(GtkAccessibleRole role)
{
  return g_object_new(LENS_TYPE_NODE, "accessible-role", role, "focusable", TRUE, "can-target",
                      FALSE, NULL);
}

void
lens_node_set_name(LensNode *self, const char *name)
{
  if (g_strcmp0(self->name, name) == 0)
    return;
  g_free(self->name);
  self->name = g_strdup(name ? name : "");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->name,
                                 -1);
}

const char *
lens_node_get_name(LensNode *self)
{
  return self->name;
}

void
lens_node_set_selected(LensNode *self, gboolean selected)
{
  selected = !!selected;
  if (self->selected == selected)
    return;
  self->selected = selected;
  gtk_accessible_update_state(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_STATE_SELECTED, selected, -1);
}

static void
lens_node_finalize(GObject *object)
{
  g_free(LENS_NODE(object)->name);
  G_OBJECT_CLASS(lens_node_parent_class)->finalize(object);
}

static void
lens_node_class_init(LensNodeClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_node_finalize;
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(klass), "lensnode");
}

static void
lens_node_init(LensNode *self)
{
}
