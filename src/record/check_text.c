/* The rules of `check` in words. A sentence may name the finding's detail (%s) or number (%d), never both. */
#include "blindfold/check_report.h"

#include <glib/gi18n.h>
#include <string.h>

typedef enum { PLAIN, DETAIL, NUMBER } blank;

typedef struct {
    const char *rule;
    blank blank;
    const char *what;      /* with the blank filled */
    const char *otherwise; /* when the finding has nothing for the blank; NULL: `what` has none */
    const char *remedy;
} rule_text;

static const rule_text texts[] = {
    /* openable */
    {"not-a-jpeg", DETAIL, N_("named like a JPG, but it is: %s"), NULL, N_("Save it as a real JPG (export it; do not just rename it).")},
    {"not-an-image", DETAIL, N_("not a JPG (%s); it will not be looked at"), NULL, N_("Hand in the page as a JPG, or leave the file out.")},
    {"empty", PLAIN, N_("the file is empty"), NULL, N_("Put the file in again.")},
    {"truncated", NUMBER, N_("the file ends early; %d%% of the picture is there"),
     N_("the file ends early; part of the picture is missing"), N_("Copy or scan it again; the upload or copy was cut off.")},
    {"damaged", NUMBER, N_("the file is damaged from %d%% of the height on"), N_("the file is damaged"), N_("Copy or scan it again.")},
    {"corrupt", PLAIN, N_("the picture cannot be opened"), NULL, N_("Scan it again, or save it anew as JPG.")},
    {"unsupported-coding", PLAIN, N_("a kind of JPEG that cannot be read"), NULL, N_("Save it as an ordinary JPG.")},
    {"too-large", PLAIN, N_("too large"), NULL, N_("Scan at 200 to 300 dpi.")},
    {"out-of-memory", PLAIN, N_("there was not enough memory for it"), NULL, N_("Scan at 200 to 300 dpi, or run again with -j 1.")},
    {"not-readable", PLAIN, N_("it could not be read"), NULL, N_("Run again with -j 1; else scan it smaller.")},
    {"reader-crashed", PLAIN, N_("looking at it made the reader crash"), NULL, N_("Scan it again, or save it anew as JPG.")},
    {"time-limit", PLAIN, N_("looking at it took too long"), NULL, N_("Scan at 200 to 300 dpi.")},
    {"unreadable-entry", PLAIN, N_("it cannot be unpacked"), NULL, N_("Make the zip anew.")},
    {"unreadable", PLAIN, N_("its content cannot be looked at"), NULL, N_("Make the zip anew.")},
    {"encrypted", PLAIN, N_("it needs a password"), NULL, N_("Make the zip anew without a password.")},
    {"unsafe-path", PLAIN, N_("its path in the zip is not allowed"), NULL, N_("Make the zip anew from a plain folder.")},
    {"same-name", PLAIN, N_("another entry has the same name"), NULL, N_("Give each file its own name.")},
    {"duplicate", NUMBER, N_("the same file as number %d"), NULL, N_("Put in the page that belongs here, or take it out.")},
    {"near-duplicate", NUMBER, N_("the same picture as number %d"), NULL, N_("Put in the page that belongs here, or take it out.")},
    {"not-a-zip", PLAIN, N_("no zip, or a damaged one"), NULL, N_("Make the zip anew.")},
    {"over-limits", PLAIN, N_("more entries or bytes than allowed"), NULL, N_("Make a smaller package.")},
    {"input-unreadable", PLAIN, N_("it is not there, or may not be read"), NULL, N_("See whether path and permissions are right.")},
    {"no-pages", PLAIN, N_("there is no page in it"), NULL, N_("Put the JPGs into the package.")},
    /* upright */
    {"turned", NUMBER, N_("not upright; turn it clockwise by %d degrees"), NULL, N_("Turn the picture and save it.")},
    {"mirrored", PLAIN, N_("mirrored: left and right are changed over"), NULL, N_("Flip it, or scan the right side again.")},
    {"orientation-unknown", PLAIN, N_("it cannot be told which side is up"), NULL, N_("See that it stands upright; scan it more clearly.")},
    {"upright-by-exif", NUMBER, N_("upright only where viewers honour the EXIF tag (%d)"), NULL,
     N_("To be safe, turn the picture itself and save it.")},
    /* legible */
    {"illegible", NUMBER, N_("cannot be read (score %d of 100)"), NULL, N_("Scan or photograph it again.")},
    {"hard-to-read", NUMBER, N_("hard to read (score %d of 100)"), NULL, N_("Better scan or photograph it again.")},
    {"blurred", PLAIN, N_("blurred"), NULL, N_("Hold still and let the camera focus, or use a scanner.")},
    {"too-small", PLAIN, N_("the text has too few pixels"), NULL, N_("Scan at 200 dpi or more; send the original, not a thumbnail.")},
    {"low-contrast", PLAIN, N_("the text is too faint"), NULL, N_("Scan with more contrast, or from a better original.")},
    {"under-exposed", PLAIN, N_("too dark"), NULL, N_("Take it in better light.")},
    {"over-exposed", PLAIN, N_("too bright"), NULL, N_("Take it with less light, without flash.")},
    {"shadow", PLAIN, N_("a shadow lies over text"), NULL, N_("Take it in even light.")},
    {"glare", PLAIN, N_("a glare lies over text"), NULL, N_("Take it without flash and away from lamps.")},
    {"noisy", PLAIN, N_("grainy"), NULL, N_("Take it in better light, or use a scanner.")},
    {"over-compressed", PLAIN, N_("saved with too low a quality"), NULL, N_("Save with a JPEG quality of 80 or more.")},
    {"cut-off", PLAIN, N_("text is cut off at the edge"), NULL, N_("Scan the whole page with a margin.")},
    {"unread-text", PLAIN, N_("there is text on it that could not be read"), NULL, N_("Scan it more clearly.")},
    {"blank", PLAIN, N_("blank"), NULL, N_("Take it out, or put in the right page.")},
    /* masking */
    {"name-visible", PLAIN, N_("the name can be read"), NULL, N_("Cover the place with an opaque bar.")},
    {"name-doubtful", PLAIN, N_("this may be the name"), NULL, N_("Look at the place; cover it if it is the name.")},
    {"name-shines-through", PLAIN, N_("the name shines through the mask"), NULL,
     N_("Cover it with an opaque bar, flattened into the picture.")},
    {"mask-translucent", PLAIN, N_("text shines through the mask"), NULL, N_("Cover it with an opaque bar, flattened into the picture.")},
    {"mask-too-thin", PLAIN, N_("the mask is thinner than the text"), NULL, N_("Cover the characters in their whole height.")},
    {"mask-mosaic", PLAIN, N_("a mosaic, which can be undone"), NULL, N_("Use an opaque bar instead of a mosaic.")},
    {"mask-blurred", PLAIN, N_("blurred on purpose, which can be undone"), NULL, N_("Use an opaque bar instead of blur.")},
    {"thumbnail-differs", PLAIN, N_("the preview inside the file shows something else than the page"), NULL,
     N_("Save the picture anew without a preview (or take a screenshot of it).")},
    {"second-picture", PLAIN, N_("a second picture is in the file"), NULL, N_("Save the picture anew as a plain JPG.")},
    {"data-after-end", PLAIN, N_("data stands behind the picture's end"), NULL, N_("Save the picture anew as a plain JPG.")},
    {"name-in-metadata", PLAIN, N_("the name stands in the file's properties"), NULL, N_("Remove the file's properties and comments.")},
    {"name-in-file-name", PLAIN, N_("the name stands in the file or folder name"), NULL, N_("Give it a neutral name.")},
};

static const rule_text *find(const char *rule)
{
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (strcmp(texts[i].rule, rule) == 0)
            return &texts[i];
    return NULL;
}

/* Kinds of files have names of their own in every language. */
static const char *detail_name(const char *detail)
{
    static const struct {
        const char *word, *name;
    } names[] = {{"png", "PNG"},
                 {"gif", "GIF"},
                 {"bmp", "BMP"},
                 {"tiff", "TIFF"},
                 {"webp", "WebP"},
                 {"heic", "HEIC"},
                 {"avif", "AVIF"},
                 {"jxl", "JPEG XL"},
                 {"jpeg2000", "JPEG 2000"},
                 {"pdf", "PDF"},
                 {"psd", "Photoshop"},
                 {"word", "Word (.docx)"},
                 {"excel", "Excel (.xlsx)"},
                 {"powerpoint", "PowerPoint (.pptx)"},
                 {"office", "Office (.doc .xls .ppt)"},
                 {"zip", "ZIP"},
                 {"rar", "RAR"},
                 {"7z", "7z"},
                 {"gzip", "gzip"},
                 {"html", "HTML"},
                 {"xml", "XML"},
                 {"text", N_("plain text")},
                 {"empty", N_("nothing")},
                 {"unknown", N_("something unknown")}};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(names[i].word, detail) == 0)
            return _(names[i].name);
    return detail;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
char *bf_check_sentence(const bf_finding *f)
{
    const rule_text *t = find(f->rule);
    if (!t)
        return g_strdup(f->rule);
    if (t->blank == DETAIL)
        return g_strdup_printf(_(t->what), detail_name(f->detail ? f->detail : "unknown"));
    if (t->blank == NUMBER && (f->number >= 0 || !t->otherwise))
        return g_strdup_printf(_(t->what), f->number);
    return g_strdup(_(t->otherwise ? t->otherwise : t->what));
}
#pragma GCC diagnostic pop

const char *bf_check_remedy(const char *rule)
{
    const rule_text *t = find(rule);
    return t ? _(t->remedy) : "";
}

const char *bf_check_rule(guint i)
{
    return i < G_N_ELEMENTS(texts) ? texts[i].rule : NULL;
}

static int by_weight(const void *a, const void *b)
{
    return (int)((const bf_finding *)b)->weight - (int)((const bf_finding *)a)->weight;
}

void bf_check_sort_findings(GArray *findings)
{
    g_array_sort(findings, by_weight); /* stable */
}

static int page_rank(const bf_checked_page *page)
{
    bf_finding_weight worst;
    return bf_findings_worst(page->findings, &worst) ? (int)worst + 1 : 0;
}

static int worse_first(const void *a, const void *b, void *user)
{
    const bf_checked_package *package = user;
    guint i = *(const guint *)a, k = *(const guint *)b;
    const bf_checked_page *p = package->pages->pdata[i], *q = package->pages->pdata[k];
    int rank = page_rank(q) - page_rank(p);
    float sp = p->legibility ? p->score : 0, sq = q->legibility ? q->score : 0;
    if (rank != 0)
        return rank;
    return sp < sq ? -1 : sp > sq ? 1 : (int)i - (int)k;
}

GArray *bf_check_worst_first(const bf_checked_package *package)
{
    GArray *order = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < package->pages->len; i++)
        g_array_append_val(order, i);
    g_array_sort_with_data(order, worse_first, (gpointer)package);
    return order;
}
