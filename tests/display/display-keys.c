#include "display-keys.h"

#include <dlfcn.h>
#include <gdk/x11/gdkx.h>

/* int XTestFakeKeyEvent(Display *, unsigned keycode, Bool press, unsigned long delay): loaded, as only
 * this test wants it. */
typedef int (*FakeKey)(Display *display, unsigned keycode, Bool press, unsigned long delay);
static FakeKey fake_key;

static Display *
x_display(void)
{
  return gdk_x11_display_get_xdisplay(gdk_display_get_default());
}

gboolean
display_keys_begin(void)
{
  void *library = dlopen("libXtst.so.6", RTLD_NOW);

  fake_key = library ? (FakeKey)dlsym(library, "XTestFakeKeyEvent") : NULL;
  return fake_key && GDK_IS_X11_DISPLAY(gdk_display_get_default());
}

static gboolean
is_active(gpointer window)
{
  return gtk_window_is_active(window);
}

void
display_keys_focus(GtkWindow *window)
{
  GdkSurface *surface = gtk_native_get_surface(GTK_NATIVE(window));

  XSetInputFocus(x_display(), gdk_x11_surface_get_xid(surface), RevertToParent, CurrentTime);
  display_wait(is_active, window);
}

/* What the server has sent until now, and what it sets off. */
static void
take_events(void)
{
  XSync(x_display(), False);
  while (g_main_context_iteration(NULL, FALSE))
    ;
}

static void
send(guint keysym, gboolean press)
{
  KeyCode code = XKeysymToKeycode(x_display(), keysym);

  g_assert_cmpint(code, !=, 0);
  fake_key(x_display(), code, press, CurrentTime);
}

void
display_keys_press(const char *accelerator)
{
  static const struct {
    GdkModifierType modifier;
    guint keysym;
  } held[] = { { GDK_CONTROL_MASK, GDK_KEY_Control_L },
               { GDK_SHIFT_MASK, GDK_KEY_Shift_L },
               { GDK_ALT_MASK, GDK_KEY_Alt_L } };
  GdkModifierType modifiers;
  guint keysym;

  if (!gtk_accelerator_parse(accelerator, &keysym, &modifiers))
    g_error("%s is no key", accelerator);
  for (gsize i = 0; i < G_N_ELEMENTS(held); i++)
    if (modifiers & held[i].modifier)
      send(held[i].keysym, TRUE);
  send(keysym, TRUE);
  send(keysym, FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS(held); i++)
    if (modifiers & held[i].modifier)
      send(held[i].keysym, FALSE);
  take_events();
}

void
display_keys_repeat(const char *accelerator, int times)
{
  for (int i = 0; i < times; i++)
    display_keys_press(accelerator);
}

void
display_keys_type(const char *text)
{
  for (; *text; text++) {
    const char letter[] = { *text, 0 };

    display_keys_press(*text == ' ' ? "space" : letter);
  }
}

GtkWidget *
display_keys_focused(DisplayWindow *self)
{
  return gtk_root_get_focus(GTK_ROOT(self->window));
}

void
display_keys_tab_to(DisplayWindow *self, GType type)
{
  for (int i = 0; i < 60; i++) {
    GtkWidget *focus = display_keys_focused(self);

    if (focus && gtk_widget_get_ancestor(focus, type))
      return;
    display_keys_press("Tab");
  }
  g_error("60 times Tab, and no %s", g_type_name(type));
}
