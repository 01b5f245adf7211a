/* Walk: how the focus of a view moves from step to step.  Knows no SDL. */
#ifndef RENDER_WINDOW_WALK_H
#define RENDER_WINDOW_WALK_H

#include "render/window_view.h"

/* Move the focus to an event, and bring it into sight. */
void view_focus(struct view *view, size_t event);

/* Move the focus by one step; of its own lane only, or to whichever is next. */
void view_step(struct view *view, int direction, bool same_lane);

/* Move the focus to the next, or previous, step of another actor than the step before it. */
void view_switch(struct view *view, int direction);

/* Move to the next, or previous, numbered step of the finding; behind its last, on to the next
 * finding.  False: there is none. */
bool view_mark(struct view *view, int direction);

/* Follow an arrow: forward to whom the step in focus, or the next of its lane that does, wakes or
 * starts; back to who woke or started the one in focus.  False: there is no such arrow. */
bool view_follow(struct view *view, int direction);

/* The event from which an arrow begins: what its actor did there. */
size_t view_arrow_event(const struct view *view, const struct arrow *arrow);

/* Focus on what is at a place: the operation or the span there, or a row of the list. */
void view_click(struct view *view, double x, double y);

/* Zoom so that the span at a place fills most of the width.  False: there is none. */
bool view_enlarge(struct view *view, double x, double y);

/* The first event of the step after (direction > 0) or before that of an event; SIZE_MAX if there
 * is none. */
size_t view_step_beside(const struct trace *trace, size_t at, int direction);

#endif
