#include "lens-short-drop.h"

#include "lens-cut-label.h"

typedef struct {
  char *property;
  int chars; /* 0: as many as there are */
} Style;

static void
style_free(gpointer data, GClosure *closure)
{
  Style *style = data;

  g_free(style->property);
  g_free(style);
}

static void
on_setup(GtkSignalListItemFactory *factory, GtkListItem *item, Style *style)
{
  GtkWidget *label = gtk_label_new(NULL);

  gtk_label_set_xalign(GTK_LABEL(label), 0);
  if (style->chars) {
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_label_set_max_width_chars(GTK_LABEL(label), style->chars);
  }
  gtk_list_item_set_child(item, label);
}

static void
on_bind(GtkSignalListItemFactory *factory, GtkListItem *item, Style *style)
{
  g_autofree char *text = NULL;
  GtkWidget *label = gtk_list_item_get_child(item);

  g_object_get(gtk_list_item_get_item(item), style->property, &text, NULL);
  lens_cut_label_set_text(GTK_LABEL(label), text ? text : "");
  if (style->chars) /* no shorter than it must be */
    gtk_label_set_width_chars(GTK_LABEL(label),
                              MIN((int)g_utf8_strlen(text ? text : "", -1), style->chars));
}

static GtkListItemFactory *
factory_new(const char *property, int chars)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  Style *style = g_new0(Style, 1);

  *style = (Style){ g_strdup(property), chars };
  g_signal_connect(factory, "setup", G_CALLBACK(on_setup), style);
  g_signal_connect_data(factory, "bind", G_CALLBACK(on_bind), style, style_free, 0);
  return factory;
}

void
lens_short_drop_set_up(GtkDropDown *drop, GType type, const char *property, int chars)
{
  g_autoptr(GtkExpression) text = gtk_property_expression_new(type, NULL, property);
  g_autoptr(GtkListItemFactory) shortened = factory_new(property, chars);
  g_autoptr(GtkListItemFactory) whole = factory_new(property, 0);

  gtk_drop_down_set_expression(drop, text); /* what is searched */
  gtk_drop_down_set_factory(drop, shortened);
  gtk_drop_down_set_list_factory(drop, whole);
}
