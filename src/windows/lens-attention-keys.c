#include "lens-attention-keys.h"

/* Borrowed: the pane takes the controller away before it goes. */
typedef struct {
  LensAttentionPane *pane;
  LensModelMap *map;
  LensCompareBar *bar;
} Keys;

static gboolean
on_key(GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state,
       gpointer data)
{
  Keys *self = data;
  LensExplorer *explorer = lens_attention_pane_get_explorer(self->pane);
  LensRun *pinned;

  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK) || !explorer
      || !gtk_widget_get_mapped(GTK_WIDGET(self->pane)))
    return FALSE;
  pinned = lens_explorer_get_pinned_run(explorer);
  if (keyval >= GDK_KEY_1 && keyval <= GDK_KEY_6)
    return lens_model_map_pick_column(self->map, keyval - GDK_KEY_1);
  if (keyval == GDK_KEY_p) {
    lens_explorer_pin_run(explorer, pinned ? NULL : lens_explorer_get_run(explorer));
    return TRUE;
  }
  if (keyval == GDK_KEY_d && pinned) {
    lens_compare_bar_cycle(self->bar);
    return TRUE;
  }
  if (keyval == GDK_KEY_Escape) {
    lens_selection_clear(lens_explorer_get_selection(explorer));
    return TRUE;
  }
  return FALSE;
}

static void
keys_free(gpointer data, GClosure *closure)
{
  g_free(data);
}

GtkEventController *
lens_attention_keys_new(LensAttentionPane *pane, LensModelMap *map, LensCompareBar *bar)
{
  GtkEventController *controller = gtk_event_controller_key_new();
  Keys *self = g_new(Keys, 1);

  *self = (Keys){ pane, map, bar };
  g_signal_connect_data(controller, "key-pressed", G_CALLBACK(on_key), self, keys_free, 0);
  return controller;
}
