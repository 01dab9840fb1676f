/* What the run and its page processes say to each other (page). Both sides are the same program on the same machine, but a page process
 * looks at foreign bytes and may be taken over by them: whatever comes from one is checked as if a stranger had sent it. */
#pragma once
#include "blindfold/page.h"

/* Before each message, in the machine's own byte order. */
typedef struct {
    guint32 magic;
    guint32 flags;      /* of a task: wire_flag */
    guint64 head_bytes; /* of a task: the order where there is one, then the query; of a result: everything but the output */
    guint64 jpeg_bytes; /* the page, its output, or its picture; WIRE_NO_JPEG: none */
} wire_frame;

#define WIRE_NO_JPEG G_MAXUINT64
/* TASK: process the page; MANUAL: put a person's masks on it, with an order in front of the query; VIEW: a picture of it, an order alone.
 * The first two are answered by RESULT, a TASK that checks by FINDINGS besides, VIEW by PICTURE. Instead of each, NO_MEMORY, a frame alone,
 * is the last word of a process that GLib ends because a list cannot grow. */
enum {
    WIRE_TASK = 0x62665431,
    WIRE_MANUAL = 0x62664D31,
    WIRE_VIEW = 0x62665631,
    WIRE_RESULT = 0x62665231,
    WIRE_FINDINGS = 0x62664631,
    WIRE_PICTURE = 0x62665031,
    WIRE_NO_MEMORY = 0x62664F31
};
typedef enum {
    WIRE_HIT_EXPECTED = 1, /* bf_page_task's fields */
    WIRE_CHECK = 2,        /* check is not NULL: behind the result comes a WIRE_FINDINGS */
    WIRE_CHECK_UNMASKED = 4,
} wire_flag;
enum { WIRE_HEAD_MAX = 8 << 20, WIRE_WORDS_MAX = 64, WIRE_PLACES_MAX = 20000 };
#define WIRE_JPEG_MAX (G_GUINT64_CONSTANT(1) << 31)

/* Is it a frame of this kind within the limits? */
bool wire_frame_is(const wire_frame *frame, guint32 magic);

/* A query as numbers. It holds the name: wipe with wire_query_clear. */
GArray *wire_write_query(const bf_query *query); /* guint32 */
void wire_query_clear(GArray *numbers);
/* A page's two queries travel as one: the names of others (NULL: none) stand at its end, as forms of kind LABEL. Of a roster with more
 * names than a query may have the last ones are left behind. Splitting takes them off again. Both results are the caller's. */
bf_query *wire_join_queries(const bf_query *person, const bf_query *others);
bf_query *wire_split_query(bf_query *both);
/* NULL when the numbers are no query. Free with bf_query_free. */
bf_query *wire_read_query(const guint32 *numbers, gsize n) G_GNUC_WARN_UNUSED_RESULT;

/* A page process's last step: a page with more masks or doubts than the other side believes is held for that, instead of as crashed. Of
 * doubts the first ones are kept; masks none, and no output, since a list that is cut would not be what was masked. */
void wire_fit_result(bf_page_result *result);
/* A result without its output and sums: those the receiver makes itself. Free with g_bytes_unref. */
GBytes *wire_write_result(const bf_page_result *result) G_GNUC_WARN_UNUSED_RESULT;
/* Fills an initialised result; takes a reference of `output`, which may be NULL. False, with the result as it was, when anything in
 * it is out of bounds, or when it claims more than it proves: masked or clear is believed only without a reason against it, with an output
 * that was verified, and with masks that fit the page. */
bool wire_read_result(GBytes *head, GBytes *output, bf_page_result *result) G_GNUC_WARN_UNUSED_RESULT;
/* The same of a page with a person's masks: then, and only then, it has to say so. */
bool wire_read_manual_result(GBytes *head, GBytes *output, bf_page_result *result) G_GNUC_WARN_UNUSED_RESULT;

/* Is it a JPEG from its first byte to its last? More of it is not looked at here. */
bool wire_has_ends(GBytes *jpeg);

/* A word as one that lives as long as the program; NULL unless it has the shape of one, digits or not. Their shape keeps text from a page
 * out of reports and logs, and their number keeps the table of interned strings small. */
const char *wire_word(const char *text, bool digits);

/* An array of words; *out stays as it is when there are none. False: one is no word, or there are too many. */
bool wire_read_words(GVariant *list, GPtrArray **out) G_GNUC_WARN_UNUSED_RESULT;

/* What was found on a page that was checked (page_wire_check.c). Free with g_bytes_unref. */
GBytes *wire_write_checked(const bf_checked_page *page) G_GNUC_WARN_UNUSED_RESULT;
/* Adds it to a page that the receiver made: entry, findings and sums that are there stay. False, with the page as it was, when anything in
 * it is out of bounds. */
bool wire_read_checked(GBytes *head, bf_checked_page *page) G_GNUC_WARN_UNUSED_RESULT;
