/* Keys as a person presses them: through the X server, to the window that has its focus. */
#pragma once

#include "display-window.h"

/* FALSE where keys cannot be sent: no X11, or no XTEST. */
gboolean display_keys_begin(void);
/* The server's focus; there is no window manager that would give it. Waits until the window has it. */
void display_keys_focus(GtkWindow *window);

/* "<Control>l", "Tab", "space": pressed and let go, and everything done that they set off at once. */
void display_keys_press(const char *accelerator);
void display_keys_repeat(const char *accelerator, int times);
/* Letters, spaces and digits. */
void display_keys_type(const char *text);

/* What has the keyboard in the window; NULL: nothing. */
GtkWidget *display_keys_focused(DisplayWindow *self);
/* Tab until something of the type has the focus, or is around what has it; fails after 60. */
void display_keys_tab_to(DisplayWindow *self, GType type);
