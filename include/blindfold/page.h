/* One image: read, decide, mask, verify (page). page.c is the only file that knows the order of the stages.
 *
 * An engine is opened once a process and shared; a worker belongs to one thread. Processing cannot fail: whatever goes wrong with a
 * page is in its result, and a result says "review" until everything is proved.
 */
#pragma once
#include "blindfold/finding.h"
#include "blindfold/limits.h"
#include "blindfold/query.h"
#include "blindfold/result.h"
#include <stdatomic.h>

#define BF_PAGE_ERROR (bf_page_error_quark())
GQuark bf_page_error_quark(void);
typedef enum {
    BF_PAGE_ERROR_READER,  /* models, runtime or reader name: the message says what to run */
    BF_PAGE_ERROR_PROCESS, /* no process for pages can be had, or it was lost (page_host.h) */
    BF_PAGE_ERROR_PICTURE  /* of these bytes no picture can be made (page_host.h) */
} bf_page_error;

typedef struct {
    const char *readers;    /* "ppocr,tesseract" (default, NULL), "ppocr", "tesseract": borrowed until the engine is freed */
    const char *models_dir; /* NULL: $BLINDFOLD_MODELS, then the places that the build names */
    bool uniform_width;     /* masks of printed names all as wide as the widest step that fits */
    bool fix_orientation;   /* pages that are not upright are turned without loss first (bf_jpeg_turn), and worked on as if they had come
                             * so; pages that cannot be turned exactly stay as they are */
    bf_limits limits;       /* max_pixels: a page with more is held ("too-large"); max_damaged_percent: "damaged". Zeros are defaults */
} bf_page_settings;

typedef struct bf_page_engine bf_page_engine;
typedef struct bf_page_worker bf_page_worker;

/* Loads models and checks that every reader works. Errors say which file is missing and which command brings it. */
bool bf_page_engine_new(const bf_page_settings *settings, bf_page_engine **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_page_engine_free(bf_page_engine *engine); /* after all its workers; NULL is fine */
/* The readers in use: name, version, model hash. Borrowed from the engine. */
const bf_reader_info *bf_page_engine_readers(const bf_page_engine *engine, guint *n);
/* The settings that change the output, as one sorted line "key=value ..."; borrowed from the engine. */
const char *bf_page_engine_settings(const bf_page_engine *engine);
/* Learns how the first reader reads the characters of a query's name, as the installed fonts draw them: those that it does not know or
 * misreads are then told by their glyphs. Before any worker is at work, on one thread; characters learnt before cost nothing. Without it
 * such characters are trusted less well: more pages are held. */
bool bf_page_engine_prepare(bf_page_engine *engine, const bf_query *query, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How many fonts are there to tell characters by? */
guint bf_page_engine_n_fonts(const bf_page_engine *engine);
/* The characters of the query's name and aliases that the first reader cannot read, each once, in order; a new string, "" when
 * none. For the roster's warning. */
char *bf_page_engine_unreadable(const bf_page_engine *engine, const bf_query *query) G_GNUC_WARN_UNUSED_RESULT;
/* Has the name, or an alias, so few characters that the first reader knows, none that it both knows and reads as what it is, or so many
 * letters, that it cannot be looked for? Then every page is held. (Arabic script is the second reader's affair.) After
 * bf_page_engine_prepare. Thread-safe. */
bool bf_page_engine_is_blind_to(const bf_page_engine *engine, const bf_query *query);

bool bf_page_worker_new(bf_page_engine *engine, bf_page_worker **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_page_worker_free(bf_page_worker *worker); /* NULL is fine */
/* Starts every reader and loads all that it would otherwise load when a page first needs it; no file is opened after that. For a
 * process of its own: standard error must lead nowhere. */
bool bf_page_worker_warm(bf_page_worker *worker, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    GBytes *jpeg;           /* borrowed */
    const bf_query *query;  /* borrowed */
    const bf_query *others; /* the names of all applicants of the roster, this one's too (bf_query_add_names): a page that names another one
                             * as its person is held. Borrowed; NULL: there are no others */
    bool hit_expected;      /* the entry's folder or name says that the page must bear the name */
    bf_checked_page *check; /* NULL: mask the page. Else nothing is masked, and what an applicant should know is added here; borrowed */
    bool check_unmasked;    /* the package is not masked yet: that names can be read is no fault */
    const atomic_bool *cancel; /* looked at between stages; a cancelled page stays "review" with the reason "interrupted"; may be NULL */
} bf_page_task;

/* About how many bytes of memory the work on this page takes at its peak, the JPEG itself included: from its headers alone, never
 * less than the JPEG's size. Thread-safe. */
gint64 bf_page_weight(GBytes *jpeg);

/* result must be initialised (bf_page_result_init) and is owned by the caller. The sums of input and output are left empty: they are made
 * where the bytes are trusted, by the client of a page process (page_host.h). */
void bf_page_process(bf_page_worker *worker, const bf_page_task *task, bf_page_result *result);

/* What a person decided about a page. */
typedef struct {
    bf_page_task task;    /* hit_expected is not asked: the person has looked */
    const bf_mask *masks; /* borrowed; stored frame, snapped outward here. None: the name is not on the page */
    guint n_masks;
    int turned_from;     /* as in the first result: the page is turned so first, and masks are of the turned one's frame */
    int orientation_deg; /* as in the first result; -1: not known */
    bool accept_visible; /* the person answers for places where the name is still read */
} bf_page_manual;
/* Masks, proves and looks at the page again as bf_page_process does, with these masks and no others. The page becomes masked or clear
 * when the file is proved and the name is not read beside the masks any more; else it stays in review, with the reason
 * "name-still-visible" and the places among the doubts. With accept_visible these places alone do not hold it (they stay in the doubts). No
 * word of a person goes above the proof of the file. Sets by_person; legibility is the reader's, for information. */
void bf_page_apply_masks(bf_page_worker *worker, const bf_page_manual *manual, bf_page_result *result);

enum { BF_THUMBNAIL_PX = 280 };
/* Of a page that is held: the name may stand there, so no print can be read on it, not even a title. */
enum { BF_HELD_THUMBNAIL_PX = 64 };
/* A JPEG made small for a screen: upright (EXIF orientation undone, turned clockwise by turn_deg), decoded at the smallest of libjpeg's
 * scales whose long side is at least long_side_px (0: as it is, at most 16 million pixels), and scaled down to it where it would be more
 * than twice as large. For people to look at, never for a package. Thread-safe. Errors are of BF_JPEG_ERROR or BF_PICTURE_ERROR. Free *out
 * with g_bytes_unref. */
bool bf_page_view(GBytes *jpeg, int turn_deg, int long_side_px, GBytes **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Does a folder or file name (UTF-8) say that the page must bear the applicant's name: ID card front, diploma, certificate,
 * appointment, commitment letter, appraisal form? */
bool bf_page_hit_expected(const char *entry_name);
