/* How much of a stranger's file is taken: every limit in one place (base). */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* 0 in a field means its default. Beside each: the key of bf_limits_set, the default, and what becomes of a file above it. */
typedef struct {
    guint max_entries;         /* entries: 2,000 in a package, folders included; the package fails, "over-limits" */
    gint64 max_entry_bytes;    /* entry-mib: 128, unpacked; the entry is dropped, "too-large" */
    gint64 max_total_bytes;    /* total-mib: 2,048, unpacked, of all images; the package fails, "over-limits" */
    guint max_ratio;           /* ratio: 200 unpacked to packed, of an entry above 1 MiB; the entry is dropped, "too-large" */
    gint64 max_pixels;         /* megapixels: 60; the page is held, "too-large" */
    guint max_damaged_percent; /* damaged-percent: 1 of a page's height at and below the first thing that libjpeg warned of; the page is
                                * held, "damaged". Of files of several scans the place is not known: any warning holds them */
    guint page_seconds;        /* page-seconds: 120 by the clock; the page is held, "time-limit" */
    gint64 max_page_bytes;     /* page-mib: 4,096 of address space beyond what the page's process starts with; the page is held,
                                * "out-of-memory", "not-readable", "not-verified" or "reader-crashed", by where it ran out */
} bf_limits;

/* A copy with the defaults in place of zeros. NULL: all defaults. */
bf_limits bf_limits_effective(const bf_limits *given);

/* Sets the limit that "key=number" names; false when there is no such key or the number is not from 1 to its maximum. */
bool bf_limits_set(bf_limits *limits, const char *setting);

/* Those limits that decide what is in a package and differ from their defaults, as "key=number,key=number"; "" when there is none. A new
 * string. (A page's limits of time and memory only ever hold it.) */
char *bf_limits_text(const bf_limits *limits) G_GNUC_WARN_UNUSED_RESULT;
