#include "lens-explore-page.h"

#include "lens-settings.h"

struct _LensExplorePage {
  AdwBin parent_instance;

  int frames; /* until the divider has its first place */

  /* template widgets */
  AdwFlap *flap;
  GtkPaned *paned;
  LensLibraryPane *library_pane;
  LensAskPane *ask_pane;
  LensAttentionPane *attention_pane;
};

G_DEFINE_FINAL_TYPE(LensExplorePage, lens_explore_page, ADW_TYPE_BIN)

void
lens_explore_page_set_explorer(LensExplorePage *self, LensExplorer *explorer)
{
  lens_library_pane_set_explorer(self->library_pane, explorer);
  lens_ask_pane_set_explorer(self->ask_pane, explorer);
  lens_attention_pane_set_explorer(self->attention_pane, explorer);
}

LensAskPane *
lens_explore_page_get_ask_pane(LensExplorePage *self)
{
  return self->ask_pane;
}

LensAttentionPane *
lens_explore_page_get_attention_pane(LensExplorePage *self)
{
  return self->attention_pane;
}

LensLibraryPane *
lens_explore_page_get_library_pane(LensExplorePage *self)
{
  return self->library_pane;
}

AdwFlap *
lens_explore_page_get_flap(LensExplorePage *self)
{
  return self->flap;
}

/* The divider's place must not follow what the panes happen to show. The library has its width from
 * the second frame on. */
static gboolean
place_divider(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  LensExplorePage *self = LENS_EXPLORE_PAGE(widget);
  int least, most;

  if (++self->frames < 3)
    return G_SOURCE_CONTINUE;
  g_object_get(self->paned, "min-position", &least, "max-position", &most, NULL);
  gtk_paned_set_position(self->paned, least + (int)(MAX(most - least, 0) * 0.4));
  return G_SOURCE_REMOVE;
}

static void
lens_explore_page_class_init(LensExplorePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  g_type_ensure(LENS_TYPE_LIBRARY_PANE);
  g_type_ensure(LENS_TYPE_ASK_PANE);
  g_type_ensure(LENS_TYPE_ATTENTION_PANE);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-explore-page.ui");
  gtk_widget_class_bind_template_child(widget_class, LensExplorePage, flap);
  gtk_widget_class_bind_template_child(widget_class, LensExplorePage, paned);
  gtk_widget_class_bind_template_child(widget_class, LensExplorePage, library_pane);
  gtk_widget_class_bind_template_child(widget_class, LensExplorePage, ask_pane);
  gtk_widget_class_bind_template_child(widget_class, LensExplorePage, attention_pane);
}

static void
lens_explore_page_init(LensExplorePage *self)
{
  gtk_widget_init_template(GTK_WIDGET(self));
  gtk_widget_add_tick_callback(GTK_WIDGET(self), place_divider, NULL, NULL);
}
