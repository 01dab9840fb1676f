/* The page maker: pages of an application dossier with known truth, drawn for tests, benches and the demo.
 *
 * Every page belongs to an invented person and comes with the exact place of every name on it: one quadrilateral a glyph, in pixels of
 * the JPEG as it is coded (the stored frame of blindfold/picture.h). Everything follows from 64-bit seeds: equal input gives equal
 * bytes on the same machine, whatever the thread or locale. All functions are thread-safe; nothing prints.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define PM_ERROR (pm_error_quark())
GQuark pm_error_quark(void);
typedef enum {
    PM_ERROR_FONT,   /* a font is missing, or none of those found has a character: the message says which */
    PM_ERROR_MEMORY, /* image-sized memory is not to be had */
    PM_ERROR_CODE,   /* libjpeg gave up */
    PM_ERROR_WRITE,  /* a file or zip cannot be written */
    PM_ERROR_WORD    /* no such kind or capture */
} pm_error;

/* ---- people ---- */

typedef enum { PM_ORIGIN_HAN, PM_ORIGIN_COMPOUND, PM_ORIGIN_HUI, PM_ORIGIN_MONGOL, PM_ORIGIN_UYGHUR, PM_ORIGIN_KAZAKH } pm_origin;

typedef struct {
    pm_origin origin;
    bool woman;
    char *name;                        /* as the roster writes it */
    char *traditional;                 /* the same in traditional characters; may equal name */
    char *surname;                     /* Han characters of the surname; "" for names without one */
    char *latin_surname, *latin_given; /* "Zhou", "Mingxia": pinyin; for names with a middle dot the two parts of the Latin spelling */
    char *syllables[4];                /* of the given name: "Ming", "Xia"; NULL-terminated, empty for names with a middle dot */
    char *alias;                       /* Latin spelling or former name that the roster tells; NULL: none */
    char *former;                      /* the former name among them; NULL: none */
    char *arabic;                      /* Uyghur spelling, logical order; NULL: none */
} pm_person;

/* An invented person. Equal seeds give equal people. */
pm_person *pm_person_random(guint64 seed);
/* One whose given name holds a character that readers do not know or misread; six in ten have no other. */
pm_person *pm_person_rare(guint64 seed);
/* Somebody else whose name shares characters with p's (same given name, same surname and a character, ...), but never holds it or
 * is held by it, and has other initials. */
pm_person *pm_person_near(const pm_person *p, guint64 seed);
void pm_person_free(pm_person *p); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pm_person, pm_person_free)

/* ---- pages ---- */

typedef enum {
    PM_KIND_ID_FRONT,
    PM_KIND_ID_BACK,
    PM_KIND_DIPLOMA,
    PM_KIND_TITLE,
    PM_KIND_APPOINTMENT,
    PM_KIND_LIST,
    PM_KIND_APPRAISAL,
    PM_KIND_APPRAISAL_BACK,
    PM_KIND_COMMITMENT,
    PM_KIND_PAPER,
    PM_KIND_SUMMARY,
    PM_KIND_NOTICE,
    PM_KIND_TRAINING,
    PM_KIND_SERVICE,
    PM_KIND_PLAIN, /* 27 lines of text without the name: what speed is measured on */
    PM_KIND_WAYS,  /* the name in every way of writing, one below the other; drawn only when asked for */
    PM_N_KINDS
} pm_kind;

typedef enum {
    PM_CAPTURE_CLEAN,
    PM_CAPTURE_SCAN,
    PM_CAPTURE_SKEW,
    PM_CAPTURE_GRAY,
    PM_CAPTURE_NOISE,
    PM_CAPTURE_BLUR,
    PM_CAPTURE_PHOTO,
    PM_CAPTURE_CURVED,
    PM_CAPTURE_SEAL,
    PM_CAPTURE_FAX,
    PM_CAPTURE_LOWQ,
    PM_CAPTURE_SMALL,
    PM_CAPTURE_ROT90,
    PM_CAPTURE_ROT180,
    PM_CAPTURE_ROT270,
    PM_CAPTURE_EXIF3,
    PM_CAPTURE_EXIF6,
    PM_CAPTURE_EXIF8,
    PM_CAPTURE_EXIF6_ROT180, /* the tag is there and wrong */
    PM_CAPTURE_STEEP,        /* the hard ones, from here on, are drawn only when asked for: a photo from the side, much table in view */
    PM_CAPTURE_FAR,          /* a photo in which the sheet is small */
    PM_CAPTURE_SOFT,         /* out of focus */
    PM_CAPTURE_TINY,         /* print of 14 px, noisy, hard-pressed */
    PM_CAPTURE_BLUE_SEAL,
    PM_CAPTURE_PURPLE_SEAL,
    PM_N_CAPTURES
} pm_capture;

/* How the name stands in its place. */
typedef enum {
    PM_FORM_NAME,
    PM_FORM_SPACED,
    PM_FORM_TRADITIONAL,
    PM_FORM_LINE_BREAK,
    PM_FORM_VERTICAL,
    PM_FORM_TITLE,
    PM_FORM_WHITE_ON_DARK,
    PM_FORM_SIGNATURE,
    PM_FORM_NAME_SEAL,
    PM_FORM_ALIAS,
    PM_FORM_PINYIN,
    PM_FORM_INITIALS,
    PM_FORM_ARABIC,
    PM_FORM_WIDE,    /* letter-spaced by two and a half to four characters */
    PM_FORM_CELLS,   /* in two or three cells, or over the lines of one */
    PM_FORM_COLUMNS, /* in one of many columns */
    PM_FORM_UNDERLINED,
    PM_FORM_BOLD,
    PM_FORM_FINE,     /* 14 to 18 px */
    PM_FORM_COURTESY, /* followed by comrade, teacher, mister */
    PM_FORM_COLOURED, /* red or blue print */
    PM_N_FORMS
} pm_form;

typedef enum {
    PM_FLAG_SEAL = 1 << 0,        /* a round red seal on or near the name */
    PM_FLAG_FINGERPRINT = 1 << 1, /* over a signature */
    PM_FLAG_NO_NAME = 1 << 2,     /* other people only */
    PM_FLAG_NEAR_NAMES = 1 << 3,  /* others bear near names */
    PM_FLAG_METADATA = 1 << 4,    /* EXIF thumbnail, artist, comment and COM marker that tell the name */
    PM_FLAG_PROGRESSIVE = 1 << 5,
    PM_FLAG_SPACED = 1 << 6, /* the name as these forms wherever the kind allows it; none: as the seed says */
    PM_FLAG_TRADITIONAL = 1 << 7,
    PM_FLAG_LINE_BREAK = 1 << 8,
    PM_FLAG_VERTICAL = 1 << 9,
    PM_FLAG_WHITE_ON_DARK = 1 << 10,
    PM_FLAG_NAME_SEAL = 1 << 11,
    PM_FLAG_PLAIN_NAME = 1 << 12, /* none of them, whatever the seed says */
    PM_FLAG_ARABIC = 1 << 13      /* the Uyghur spelling on the ID card, where the person has one */
} pm_flags;

/* Made worse by a known amount, beyond what the capture does; zero changes nothing. */
typedef struct {
    double shrink;   /* 1: as the kind says; 0.5: half as many pixels a side; 0 counts as 1 */
    double blur_px;  /* sigma, on the picture taken */
    double fade;     /* how much of the contrast is lost: 0 .. 1 */
    double exposure; /* above 0: so much of white is added; below: so much of the light is missing; -1 .. 1 */
    double noise;    /* sigma, of 255 */
} pm_grade;

typedef struct {
    pm_kind kind;
    pm_capture capture;
    guint64 seed;
    const pm_person *person; /* whose dossier it is; borrowed for the call */
    guint flags;             /* pm_flags */
    int quality;             /* JPEG quality; 0: as the capture says */
    int text_px;             /* size of running text on the undistorted page; 0: as the kind says */
    pm_grade grade;
} pm_page_spec;

/* Corners in reading order: start top, end top, end bottom, start bottom. */
typedef struct {
    float x[4], y[4];
} pm_quad;

typedef struct {
    bool applicant; /* else somebody else's name */
    char *text;     /* as drawn */
    pm_form form;
    bool under_seal; /* a seal or fingerprint reaches into it */
    float height_px; /* size of its characters in the stored frame */
    GArray *glyphs;  /* pm_quad: the ink box of each character; dots, hyphens and spaces have none */
} pm_occurrence;

typedef struct {
    pm_kind kind;
    pm_capture capture;
    guint64 seed;
    GBytes *jpeg;
    int width_px, height_px;        /* stored frame */
    int exif_orientation, turn_deg; /* turn: clockwise, after EXIF, to hold the page upright */
    guint text_lines;
    char *text;             /* every character drawn, in the order of drawing (that of reading on pages of running text); no blanks */
    GPtrArray *occurrences; /* pm_occurrence *, owned */
} pm_page;

bool pm_page_draw(const pm_page_spec *spec, pm_page **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pm_page_free(pm_page *page); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pm_page, pm_page_free)

/* One JSON object: {"kind","capture","seed","width","height","exif_orientation","orientation_deg","text_lines",
 * "occurrences":[{"applicant","text","form","under_seal","height_px","glyphs":[[x0,y0,x1,y1,x2,y2,x3,y3], ..]}]} */
char *pm_page_to_json(const pm_page *page) G_GNUC_WARN_UNUSED_RESULT;
/* The page decoded, every glyph's quad drawn on it (applicant green, others blue), as a PNG file: to look at. */
bool pm_page_write_overlay(const pm_page *page, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char *pm_kind_word(pm_kind kind);
const char *pm_capture_word(pm_capture capture);
const char *pm_form_word(pm_form form);
bool pm_kind_parse(const char *word, pm_kind *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool pm_capture_parse(const char *word, pm_capture *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Lists of words divided by commas; NULL or "" is an empty list. The arrays hold at most `room`; more is an error. */
bool pm_kinds_parse(const char *list, pm_kind *out, guint room, guint *n, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool pm_captures_parse(const char *list, pm_capture *out, guint room, guint *n, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool pm_flags_parse(const char *list, guint *out, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* "seal", "near-names", ... */

/* ---- dossiers ---- */

typedef struct {
    guint64 seed;
    guint n_packages, n_pages; /* pages per package */
    const pm_kind *kinds;      /* drawn from in turn; n_kinds 0: all but plain and ways */
    guint n_kinds;
    const pm_capture *captures; /* n_captures 0: all but the hard ones */
    guint n_captures;
    bool gbk_names;    /* entry names in GBK without the UTF-8 flag, as Windows writes them; else UTF-8 */
    bool metadata;     /* PM_FLAG_METADATA on every third page */
    guint extra_flags; /* pm_flags for every page */
    double shrink;     /* of every page, as in pm_grade */
    bool rare_names;   /* people of pm_person_rare */
} pm_dossier_spec;

/* Some pages of kinds that need not name the applicant bear other names only. Writes DIR/in/<id>.zip, DIR/roster.csv and
 * DIR/truth/<id>.json. Entry names hold the applicant's name and Chinese folders. The truth is
 * {"schema":"pagemaker.truth/1","id","name","pages":[{"entry_index","entry", then as pm_page_to_json}]}; entry_index counts folder entries
 * too. */
bool pm_dossier_write(const pm_dossier_spec *spec, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
