/* Reading the upright picture: the plain look at every line, and the second looks where the first was weak (page). */
#pragma once
#include "page/sheet.h"

/* Sizes of the long side at which lines are looked for, px. */
enum { DETECT_SIDE_PX = 960, DETECT_AGAIN_SIDE_PX = 1600 };

/* Finds and reads all lines with the main reader's plain look. */
bool bf_read_plain(bf_page_worker *worker, const bf_picture *picture, const bf_query *query, bf_reading *out,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The further looks: the ink of stamps removed where there is some; weak lines at another scale, with more contrast, the other way up and
 * by the second reader; lines that the first detection left out, where ink says that there are some (or everywhere: thorough). Then each
 * doubtful hit is decided where it can be: it moves to hits, goes, or stays a doubt. */
bool bf_read_again(bf_page_worker *worker, const bf_picture *picture, const bf_query *query, bool thorough, bf_reading *reading,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads some lines (guint numbers in r->lines) once more with reader `which`. Each keeps the better of its confidences; hits are appended
 * to `found` with the lines' own numbers. */
bool bf_look_again(bf_page_worker *worker, guint which, const bf_picture *picture, const bf_query *query, bf_reading *r,
                   const GArray *numbers, const bf_look *look, GArray *found, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Did another look read the same line more surely? One that reads its easier part alone did not. */
bool bf_reads_better(const bf_line *seen, const bf_line *own);
/* A line of print that stays badly read after all looks (bent too far, smeared) may hold the name, however well the rest reads. Grain and
 * ruled lines that detection takes for text are shorter and less sure. A reader leaves out most of what it reads badly: then the length
 * tells how much print there is, at the very least. What nothing was read of counts as unread ink. */
bool bf_is_badly_read(const bf_line *line);
/* Are there lines, of other looks, that read surely all along its middle? A seal's ink makes a line read badly that reads well without it,
 * and detection puts the line and the seal's letters together. */
bool bf_is_read_elsewhere(const bf_reading *r, const bf_line *line);
/* Was `better` read more surely, with as many characters, over most of the other one's length? Half of a line says nothing of the rest. */
bool bf_says_more(const bf_line *better, const bf_line *l);
/* Of the first n lines, those in the place of one that was read better and as far count as composed from now on: what was seen of them says
 * nothing any more. */
void bf_retire_weaker(bf_reading *r, guint n, const bf_line *better);

/* The numbers (guint) of lines of the page that read below the limit, composed ones left out. Free with g_array_unref. */
GArray *bf_weak_lines(const bf_reading *r, float limit);

/* A page may have text in two directions: takes the hits, and the lines that they lie on (as composed ones), over from a reading of the
 * same page before it was turned clockwise by turn_deg (90, 180, 270); but for those in letters on lines that read badly then, and where
 * something else reads surely now that it is upright. turned: the picture as it is now. query: that of both readings. */
void bf_carry_hits(const bf_reading *before, int turn_deg, const bf_picture *turned, const bf_query *query, bf_reading *r);

/* Do two hits lie on the same place: on a third of the smaller one's bounds at least? */
bool bf_same_place(const bf_hit *a, const bf_hit *b);

/* Was one character of the form read at least, or as good as read? Else everything fits a little: grain, the letters of seals. */
bool bf_shows_a_character(const bf_hit *hit);

/* Is something else read plainly where one character of the form should stand? */
bool bf_is_near_name(const bf_hit *hit);

/* Decides by the glyphs of the characters that were not read (glyph_check.c). line: the hit's; how surely it was read counts too. IS: each
 * of them is the name's, and the hit now covers them; ANOTHER: one of them is not. */
bf_glyph_verdict bf_tell_by_glyphs(const bf_page_engine *engine, const bf_picture *picture, const bf_query *query, const bf_line *line,
                                   bf_hit *hit);

/* Puts hits where they belong: sure ones to hits, near names and the rest to doubts, labels to labels (those that are not sure are no
 * labels). */
void bf_sort_hits(const GArray *found, const bf_query *query, bf_reading *r);

/* Is this hit a part of a name over the end of a line whose other part (also in found) stands beyond a line that was read surely, and that
 * passes above the one and below the other? lines: of the page (leap.c). */
bool bf_leaps_over_a_line(const GArray *found, guint which, const GArray *lines);

/* Decides r->doubts where it can (doubts.c): each moves to r->hits, goes, or stays. */
bool bf_settle_doubts(bf_page_worker *worker, const bf_picture *picture, const bf_query *query, bf_reading *r,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a line's place on the page is: its bounds grown to whole pixels. */
bf_rect bf_line_bounds(const bf_line *line);
