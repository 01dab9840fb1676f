/* "Where on this picture is this name?": what a reader offers, as a table of functions (read).
 *
 * All coordinates are pixels of the picture handed in (the upright frame, as far as the caller knows). A reader is opened once a
 * process and shared; a worker belongs to one thread.
 */
#pragma once
#include "blindfold/glyph.h"
#include "blindfold/picture.h"
#include "blindfold/query.h"
#include "blindfold/result.h"

#define BF_READER_ERROR (bf_reader_error_quark())
GQuark bf_reader_error_quark(void);
typedef enum {
    BF_READER_ERROR_MISSING, /* model, runtime or data file not found: the message says what to run */
    BF_READER_ERROR_MODEL,   /* found, but not what the manifest says, or not loadable */
    BF_READER_ERROR_RUN      /* reading this picture failed */
} bf_reader_error;

enum { BF_LINE_KNOTS = 9 };

/* One line of text as detection found it. */
typedef struct {
    bf_quad quad;           /* reading order: [0] is the start of the text */
    float det_score;        /* mean probability of the detector inside the line, 0..1 */
    float confidence;       /* mean probability of the characters read, 0..1; 0 when nothing was read, < 0 when not read yet */
    float weakest;          /* the lowest probability of a character in it; < 0 when not read yet */
    guint n_chars;          /* characters read */
    float gap_from, gap_to; /* the widest stretch on which nothing was read surely, shares of its length; 0, 0 when not read yet */
    bool composed;          /* put together from the pieces of others: says nothing about how well the page reads */
    guint stacked;          /* of a column: how many upright characters it is taken to have; 0: not known */
    bool shows_none; /* read surely, with no character of the name to be seen on it: the reader's proof, so that false says nothing */
    bool none_seen;  /* no character of the name to be seen on it, surely read or not */
    bool shows_name; /* a character of a name is what was read somewhere on it, surely or not */
    bool vertical;   /* taller than wide: the quad was turned so that text runs along [0] -> [1] */
    bool bent;       /* its middle is curved, as on a photo of a page that does not lie flat; the quad holds all of it */
    bool has_middle; /* of a long line, bent or not: */
    float middle_x[BF_LINE_KNOTS], middle_y[BF_LINE_KNOTS]; /* points along its middle, from its start to its end */
} bf_line;

/* Moves a line found on a part of a picture to its place on the whole, px. */
void bf_line_move(bf_line *line, float dx, float dy);

/* A character of a form that the reader did not read: one that it does not know or is known to misread, or in whose place it read another.
 */
typedef struct {
    guint symbol;         /* of the form */
    float x, y;           /* about where its middle stands, if it is spaced as its line is */
    gunichar read;        /* what was read there, or next to there; 0: nothing */
    float read_x, read_y; /* where that was */
    float read_p;         /* and its probability */
    bool silent; /* the reader knows the character, and leaves out another way to write it: if that stands here, nothing was read */
} bf_unproved;
enum { BF_UNPROVED_MAX = 4 };

/* One place where a form was spotted. */
typedef struct {
    bf_quad quad;       /* from the first to the last character with the reader's own margin, full line height */
    const char *reader; /* who found it: the class's name */
    guint form;         /* index into query->forms */
    float score;        /* sum over the characters of log p - log p_max, each floored at -12: 0 = it is the top reading */
    bool sure;          /* the score passes the form's threshold for masking; else it is doubtful and wants another look */
    guint n_wild;       /* characters of the form that the reader does not know and took on trust */
    guint odd_symbol;   /* the symbol that fits worst, */
    gunichar odd_char;  /* what was read in its place (0: nothing), */
    float odd_score;    /* and its part of the score: with a bad one and another character, perhaps somebody else's name */
    float best_score;   /* the best symbol's part: where not even that was read, everything fits a little; 0 where parts are not known */
    guint n_unproved;   /* characters that want to be told by their glyphs; more than BF_UNPROVED_MAX: only so many are described */
    bf_unproved unproved[BF_UNPROVED_MAX];
    float right_x, right_y, down_x, down_y; /* for those: the line's height as vectors along the text and across it, as the glyphs stand */
    guint line;                             /* index of its (first) line among those given */
    gint next_line;                         /* index of the line where it goes on, -1: none. Then there are two hits, one per part */
    bool broken_off;                  /* the rest would stand on another page: to be masked, but no proof that the page is this person's */
    guint n_centres;                  /* characters located */
    float centre_x[24], centre_y[24]; /* their centres; for long forms the first 24 */
} bf_hit;

#define BF_STACKED_OWN G_MAXUINT

/* How to look at a line; zero is the plain look. */
typedef struct {
    float crop_scale; /* height of the text within the crop, relative to the plain look; 0 or 1: plain */
    bool red_removed; /* use the red channel only, so that red ink fades */
    bool half_turn;   /* the line read upside down */
    bool contrast;    /* local contrast stretched */
    guint stacked; /* the line is a column of this many upright characters: each is cut out and laid beside the one before; BF_STACKED_OWN:
                    * as many as the line itself says */
    bool whole_page; /* the lines given are all of a page, so that its head and foot can be told; so are they in the plain look */
    bool arabic;     /* read as Arabic script; for readers that can (tesseract), others ignore it */
} bf_look;

typedef struct bf_reader bf_reader;
typedef struct bf_reader_worker bf_reader_worker;

typedef struct {
    const char *name;                                                      /* "ppocr" */
    bool (*open)(const char *models_dir, bf_reader **out, GError **error); /* once a process */
    void (*close)(bf_reader *reader);
    void (*info)(const bf_reader *reader, bf_reader_info *out); /* strings owned by the reader */
    bool (*knows)(const bf_reader *reader, gunichar c);         /* can it read this character at all? NULL: it cannot say. Thread-safe */
    /* Learns how this reader reads the query's characters, as `glyphs` draws them; what it learnt already costs nothing. NULL: it cannot.
     * Before any worker reads, on one thread. */
    bool (*prepare)(bf_reader *reader, bf_glyphs *glyphs, const bf_query *query, GError **error);
    /* What this reader takes the character for, as prepare learnt it: *n characters owned by the reader, perhaps none. Thread-safe; may be
     * NULL. */
    const gunichar *(*taken_for)(const bf_reader *reader, gunichar c, guint *n);
    bool (*misreads)(const bf_reader *reader, gunichar c); /* does it mostly read something else, or nothing, in the character's place, as
                                                            * prepare learnt? Thread-safe; may be NULL */
    bool (*worker_new)(bf_reader *reader, bf_reader_worker **out, GError **error);
    void (*worker_free)(bf_reader_worker *worker);
    void (*warm)(bf_reader_worker *worker); /* loads what it would load later, as far as it is there, and says nothing but to standard
                                             * error, which must lead nowhere then; may be NULL */
    /* Finds lines of text; appends bf_line to `lines`. long_side_px: the picture is seen at this size (a very long one at half of it
     * across; tesseract: always as it is). */
    bool (*find_lines)(bf_reader_worker *worker, const bf_picture *picture, int long_side_px, GArray *lines, GError **error);
    /* Reads lines[first .. first + n) with one look: fills their confidence, weakest and n_chars; appends hits with line indices
     * absolute in `lines`. Forms over the end of a line are looked for between all lines given in the call. */
    bool (*read_lines)(bf_reader_worker *worker, const bf_picture *picture, GArray *lines, guint first, guint n, const bf_query *query,
                       const bf_look *look, GArray *hits, GError **error);
} bf_reader_class;

extern const bf_reader_class bf_reader_ppocr;
extern const bf_reader_class bf_reader_tesseract;
