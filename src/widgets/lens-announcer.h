/* Says to a screen reader what appears without the keyboard going there: an answer, an error. It shows
 * nothing. GTK 4.8 has no call for that, and tells nobody that an alert came into sight. What it tells
 * is that the description of what has the focus is another one, which is read out; so the text is that for
 * a moment, and the name of this alert. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LENS_TYPE_ANNOUNCER (lens_announcer_get_type())
G_DECLARE_FINAL_TYPE(LensAnnouncer, lens_announcer, LENS, ANNOUNCER, GtkWidget)

/* In a moment; of several texts that follow each other at once, the last. */
void lens_announcer_say(LensAnnouncer *self, const char *text);
/* What was said last, NULL: nothing (tests). */
const char *lens_announcer_get_text(LensAnnouncer *self);

G_END_DECLS
