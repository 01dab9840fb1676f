/* A page while it is drawn: glyphs, and where the names came to stand. Lengths are px of the undistorted page. */
#pragma once
#include "pagemaker.h"
#include "pm_random.h"
#include <cairo.h>

typedef enum {
    PM_FACE_SONG,
    PM_FACE_HEI,
    PM_FACE_KAI,
    PM_FACE_HAND,
    PM_FACE_TRADITIONAL,
    PM_FACE_LATIN,
    PM_FACE_TITLE,
    PM_N_FACES
} pm_face;

typedef struct {
    pm_face face;
    bool bold, underline;
    double size;    /* em */
    double spacing; /* between characters, in em */
    guint rgb;
    double shear, wobble; /* hand-writing: slant, and how much each glyph is turned and shifted (0: printed) */
} pm_style;

typedef struct pm_fonts pm_fonts;

typedef struct {
    cairo_surface_t *surface;
    cairo_t *cr;
    double width, height; /* of the page */
    double scale;         /* surface px per page px */
    double text_size;     /* of running text */
    pm_random random;
    const pm_page_spec *spec;
    const pm_person *person;
    guint faces[PM_N_FACES]; /* which family of each face this page uses first */
    pm_fonts *fonts;
    GPtrArray *occurrences; /* pm_occurrence *; quads in page px until the capture maps them */
    GPtrArray *others;      /* pm_person *: made on demand */
    guint lines;
    GString *text; /* the characters drawn */
    const char *unit; /* whose seal is on the page; static */
    guint year;       /* the last one told */
    gunichar missing; /* a character that no font has */
    const char *no_font;
} pm_canvas;

/* The surface is width x height times scale, white. */
bool pm_canvas_init(pm_canvas *c, const pm_page_spec *spec, double width, double height, double scale, GError **error);
void pm_canvas_clear(pm_canvas *c);

pm_style pm_style_make(const pm_canvas *c, pm_face face, double size);
void pm_canvas_set_rgb(pm_canvas *c, guint rgb);

/* Em-width of a character in a style. */
double pm_char_width(pm_canvas *c, const pm_style *s, gunichar ch);
/* Draws one character whose em box has its left top corner at (x, y); its ink box joins occ's glyphs when occ is not NULL. Returns
 * the advance without spacing. */
double pm_char_draw(pm_canvas *c, const pm_style *s, gunichar ch, double x, double y, pm_occurrence *occ);
/* One line of plain text. Returns its width; draw_text counts a line. */
double pm_text_width(pm_canvas *c, const pm_style *s, const char *text);
double pm_text_draw(pm_canvas *c, const pm_style *s, const char *text, double x, double y);

/* Characters that are part of a name but that nobody reads a name from: dots, hyphens, blanks. They get no quad. */
bool pm_char_is_filler(gunichar ch);

pm_occurrence *pm_occurrence_new(pm_canvas *c, bool applicant, const char *text, pm_form form, double size);
void pm_occurrence_free(pm_occurrence *o);

/* Somebody else: a near name when the spec asks for it. Borrowed from c. */
const pm_person *pm_other_person(pm_canvas *c);

void pm_rule(pm_canvas *c, double x0, double y0, double x1, double y1, double width);
void pm_box(pm_canvas *c, double x, double y, double w, double h, guint rgb);

/* The applicant's name in Arabic script (shaped, right to left), one quad a word. */
void pm_arabic_draw(pm_canvas *c, double x, double y, double size);

/* pm_stamp.c */
/* A round red seal with `text` along its rim and a star; what it overlaps is noted in the occurrences. */
void pm_seal_draw(pm_canvas *c, double cx, double cy, double radius, const char *text);
void pm_fingerprint_draw(pm_canvas *c, double cx, double cy, double rx, double ry);
/* The applicant's square name seal, red on white or white on red, columns from right to left. */
void pm_name_seal_draw(pm_canvas *c, double x, double y, double side);
/* Marks what a red mark reaches into. */
void pm_mark_under(pm_canvas *c, double cx, double cy, double rx, double ry);
