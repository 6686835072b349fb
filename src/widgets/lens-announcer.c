#include "lens-announcer.h"

/* Answers follow a dragged box many times a second: the last is worth hearing. */
#define MOMENT_MS 250
#define DESCRIBED_MS 2000 /* long enough to be asked for */

struct _LensAnnouncer {
  GtkWidget parent_instance;

  char *next, *said;
  guint timer;
  GtkWidget *described; /* weak */
};

G_DEFINE_FINAL_TYPE(LensAnnouncer, lens_announcer, GTK_TYPE_WIDGET)

static gboolean
fall_silent(gpointer data)
{
  LensAnnouncer *self = data;

  self->timer = 0;
  if (self->described)
    gtk_accessible_reset_property(GTK_ACCESSIBLE(self->described),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
  g_clear_weak_pointer(&self->described);
  return G_SOURCE_REMOVE;
}

/* What a screen reader takes for it: the text in an entry is no thing of its own. */
static GtkWidget *
find_focus(LensAnnouncer *self)
{
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));
  GtkWidget *focus = root ? gtk_root_get_focus(root) : NULL;

  while (focus
         && gtk_accessible_get_accessible_role(GTK_ACCESSIBLE(focus)) == GTK_ACCESSIBLE_ROLE_NONE)
    focus = gtk_widget_get_parent(focus);
  return focus;
}

static void
describe_focus(LensAnnouncer *self)
{
  GtkWidget *focus = find_focus(self);

  fall_silent(self);
  if (!focus)
    return;
  gtk_accessible_update_property(GTK_ACCESSIBLE(focus), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                 self->said, -1);
  g_set_weak_pointer(&self->described, focus);
  self->timer = g_timeout_add(DESCRIBED_MS, fall_silent, self);
}

static gboolean
say(gpointer data)
{
  LensAnnouncer *self = data;

  self->timer = 0;
  g_free(self->said);
  self->said = g_steal_pointer(&self->next);
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->said,
                                 -1);
  gtk_widget_set_visible(GTK_WIDGET(self), TRUE);
  describe_focus(self);
  return G_SOURCE_REMOVE;
}

void
lens_announcer_say(LensAnnouncer *self, const char *text)
{
  g_free(self->next);
  self->next = g_strdup(text);
  g_clear_handle_id(&self->timer, g_source_remove);
  self->timer = g_timeout_add(MOMENT_MS, say, self);
}

const char *
lens_announcer_get_text(LensAnnouncer *self)
{
  return self->said;
}

static void
lens_announcer_finalize(GObject *object)
{
  LensAnnouncer *self = LENS_ANNOUNCER(object);

  g_clear_handle_id(&self->timer, g_source_remove);
  g_clear_weak_pointer(&self->described);
  g_free(self->next);
  g_free(self->said);
  G_OBJECT_CLASS(lens_announcer_parent_class)->finalize(object);
}

static void
lens_announcer_class_init(LensAnnouncerClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_announcer_finalize;
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(klass), GTK_ACCESSIBLE_ROLE_ALERT);
}

static void
lens_announcer_init(LensAnnouncer *self)
{
  gtk_widget_set_can_target(GTK_WIDGET(self), FALSE);
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}
