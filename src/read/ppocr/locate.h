/* From frames to places: a match in a line's posteriors becomes a hit on the picture, and matches over the end of a line. */
#pragma once
#include "read/ppocr/spot.h"

/* Spots every form on one line and appends hits. quad: the line as it was cropped (turned when the look was); stacked: it is a column of
 * upright characters, whose names are not spaced as widely as those in a row. */
void bf_locate_in_line(const bf_spotter *spotter, const bf_trace *trace, const bf_quad *quad, bool stacked, guint line, GArray *hits);

/* A line that has been read, for joining. */
typedef struct {
    const bf_trace *trace;
    bf_quad quad;
    guint line;
    bool composed; /* of pieces that have been read, and joined, by themselves */
} bf_read_line;

/* Spots forms that begin at the end of one line and go on at the start of a neighbour: the next line below, or the next piece of the
 * same row; also over three. A line with wide gaps may be cells of a table: then each of its pieces has neighbours of its own. Appends two
 * or three hits for each, one per part. */
void bf_locate_over_lines(const bf_spotter *spotter, const bf_read_line *lines, guint n, GArray *hits);

/* Spots names of three known characters and more that stand in a narrow cell, a character or a few of them a row, each row right below the
 * one before: such a row may be taken for part of the line in the next cell. Every character must have been read, or nearly. Appends a
 * sure hit for each row. */
void bf_locate_stacked(const bf_spotter *spotter, const bf_read_line *lines, guint n, GArray *hits);
