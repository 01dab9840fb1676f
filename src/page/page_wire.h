/* What the run and its page processes say to each other (page). Both sides are the same program on the same machine, but a page process
 * looks at foreign bytes and may be taken over by them: whatever comes from one is checked as if a stranger had sent it. */
#pragma once
#include "blindfold/page.h"

/* Before each message, in the machine's own byte order. */
typedef struct {
    guint32 magic;
    guint32 hit_expected;
    guint64 head_bytes; /* of a task: the query; of a result: everything but the output */
    guint64 jpeg_bytes; /* the page, or its output; WIRE_NO_JPEG: none */
} wire_frame;

#define WIRE_NO_JPEG G_MAXUINT64
enum { WIRE_TASK = 0x62665431, WIRE_RESULT = 0x62665231 };
enum { WIRE_HEAD_MAX = 8 << 20, WIRE_WORDS_MAX = 64 };
#define WIRE_JPEG_MAX (G_GUINT64_CONSTANT(1) << 31)

/* Is it a frame of this kind within the limits? */
bool wire_frame_is(const wire_frame *frame, guint32 magic);

/* A query as numbers. It holds the name: wipe with wire_query_clear. */
GArray *wire_write_query(const bf_query *query); /* guint32 */
void wire_query_clear(GArray *numbers);
/* A page's two queries travel as one: the names of others (NULL: none) stand at its end, as forms of kind LABEL. Of a roster with more names than
 * a query may have the last ones are left behind. Splitting takes them off again. Both results are the caller's. */
bf_query *wire_join_queries(const bf_query *person, const bf_query *others);
bf_query *wire_split_query(bf_query *both);
/* NULL when the numbers are no query. Free with bf_query_free. */
bf_query *wire_read_query(const guint32 *numbers, gsize n) G_GNUC_WARN_UNUSED_RESULT;

/* A result without its output and sums: those the receiver makes itself. Free with g_bytes_unref. */
GBytes *wire_write_result(const bf_page_result *result) G_GNUC_WARN_UNUSED_RESULT;
/* Fills an initialised result; takes a reference of `output`, which may be NULL. False, with the result as it was, when anything in
 * it is out of bounds, or when it claims more than it proves: masked or clear is believed only without a reason against it, with an output
 * that was verified, and with masks that fit the page. */
bool wire_read_result(GBytes *head, GBytes *output, bf_page_result *result) G_GNUC_WARN_UNUSED_RESULT;
