/* Running text with names in it, and the little language it is written in.
 *
 * Markup: {N} the applicant as the page writes the name; {N:s} letter-spaced, {N:t} traditional, {N:b} bold, {N:u} underlined,
 * {N:k} over a line end, {N:p} plain; {F} the former name (or the name again); {P} pinyin, one of its forms, {P0} ... {P7} one
 * certain; {O} somebody else, {Q} somebody else in pinyin; {U} a work unit, {W} the one whose seal is on the page, {L} a lesson or course,
 * {S} a sentence, {T} a title, {J} a journal, {Y} a year, {Z} a later one, {G} a year of birth, {M} month, {D} day, {n} a number of two
 * digits, {A} a place.
 */
#pragma once
#include "pm_canvas.h"

typedef struct {
    gunichar c;
    pm_style style;
    pm_occurrence *occ; /* of c, or NULL */
    bool want_break;    /* first character of a name that is to go over a line end */
} pm_cell;

typedef struct {
    GArray *cells; /* pm_cell */
} pm_flow;

pm_flow pm_flow_new(void);
void pm_flow_clear(pm_flow *flow);

/* Appends text as it is / with markup / a name. form says how the name is written. */
void pm_flow_text(pm_flow *flow, const pm_style *s, const char *text);
void pm_flow_markup(pm_canvas *c, pm_flow *flow, const pm_style *s, const char *markup);
void pm_flow_name(pm_canvas *c, pm_flow *flow, const pm_style *s, const pm_person *who, pm_form form, const char *text);

typedef struct {
    double x, y, width, line_height;
    double indent;   /* of the first line */
    guint max_lines; /* 0: no end; what is left is not drawn, and names in it are forgotten */
    bool justify;
} pm_column;

/* Draws it and clears the flow. Returns the y below the last line. */
double pm_flow_draw(pm_canvas *c, pm_flow *flow, const pm_column *column);

typedef enum { PM_ALIGN_LEFT, PM_ALIGN_CENTRE, PM_ALIGN_RIGHT } pm_align;
/* One line of markup; (x, y) is the left, middle or right of its top. Returns its width. */
double pm_line_draw(pm_canvas *c, const pm_style *s, pm_align align, double x, double y, const char *markup);
/* Markup in a table cell with its frame: one or more lines, centred when it fits on one, shrunk when it fits nowhere. */
void pm_cell_draw(pm_canvas *c, const pm_style *s, double x, double y, double w, double h, const char *markup);
/* Markup from top to bottom. Returns the y below. */
double pm_vertical_draw(pm_canvas *c, const pm_style *s, double x, double y, const char *markup);

/* The form that {N} takes on this page. */
pm_form pm_name_form(pm_canvas *c);
/* The applicant's or somebody's pinyin in one of 8 forms; *form is told. */
char *pm_pinyin(pm_canvas *c, const pm_person *p, guint which, pm_form *form);
