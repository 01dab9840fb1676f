/* make-pages: draws pages of invented dossiers, with the truth of what stands where. */
#include "pagemaker.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    guint64 seed;
    int packages, pages, quality, dpi;
    char *seed_text, *out, *captures, *kinds, *kind, *capture, *flags, *overlay;
    gboolean single, gbk, metadata;
} options;

enum { DRAWN_DPI = 200 };

static bool draw_single(const options *o, guint flags, GError **error)
{
    pm_page_spec spec = {.seed = o->seed, .flags = flags, .quality = o->quality, .grade = {.shrink = (double)o->dpi / DRAWN_DPI}};
    if (!pm_kind_parse(o->kind ? o->kind : "summary", &spec.kind, error) ||
        !pm_capture_parse(o->capture ? o->capture : "clean", &spec.capture, error))
        return false;
    g_autoptr(pm_person) person = pm_person_random(spec.seed);
    spec.person = person;
    g_autoptr(pm_page) page = NULL;
    if (!pm_page_draw(&spec, &page, error))
        return false;
    gsize length;
    const char *data = g_bytes_get_data(page->jpeg, &length);
    if (!g_file_set_contents(o->out, data, (gssize)length, error))
        return false;
    char *dot = strrchr(o->out, '.');
    g_autofree char *stem = dot && !strchr(dot, '/') ? g_strndup(o->out, (gsize)(dot - o->out)) : g_strdup(o->out);
    g_autofree char *truth = pm_page_to_json(page), *path = g_strconcat(stem, ".json", NULL);
    if (!g_file_set_contents(path, truth, -1, error))
        return false;
    printf("%s\n", person->name);
    return !o->overlay || pm_page_write_overlay(page, o->overlay, error);
}

static bool write_dossiers(const options *o, guint flags, GError **error)
{
    pm_kind kinds[64];
    pm_capture captures[64];
    pm_dossier_spec spec = {.seed = o->seed,
                            .n_packages = (guint)MAX(o->packages, 0),
                            .n_pages = (guint)MAX(o->pages, 0),
                            .kinds = kinds,
                            .captures = captures,
                            .gbk_names = o->gbk,
                            .metadata = o->metadata,
                            .extra_flags = flags,
                            .shrink = (double)o->dpi / DRAWN_DPI};
    if (!pm_kinds_parse(o->kinds, kinds, G_N_ELEMENTS(kinds), &spec.n_kinds, error) ||
        !pm_captures_parse(o->captures, captures, G_N_ELEMENTS(captures), &spec.n_captures, error))
        return false;
    return pm_dossier_write(&spec, o->out, error);
}

int main(int argc, char **argv)
{
    options o = {.seed = 1, .packages = 3, .pages = 6, .dpi = DRAWN_DPI};
    const GOptionEntry entries[] = {
        {"seed", 0, 0, G_OPTION_ARG_STRING, &o.seed_text, "Everything follows from it (1)", "S"},
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &o.out, "Folder to write in/, roster.csv and truth/ to; with --page the JPEG", "PATH"},
        {"packages", 0, 0, G_OPTION_ARG_INT, &o.packages, "How many dossiers (3)", "N"},
        {"pages", 0, 0, G_OPTION_ARG_INT, &o.pages, "Pages of each (6)", "M"},
        {"captures", 0, 0, G_OPTION_ARG_STRING, &o.captures, "Captures to take in turn (all)", "A,B"},
        {"kinds", 0, 0, G_OPTION_ARG_STRING, &o.kinds, "Kinds of pages to take in turn (all)", "A,B"},
        {"flags", 0, 0, G_OPTION_ARG_STRING, &o.flags, "What every page has: seal, near-names, no-name, spaced, ...", "A,B"},
        {"dpi", 0, 0, G_OPTION_ARG_INT, &o.dpi, "Resolution of A4 pages; others in proportion (200)", "D"},
        {"gbk-names", 0, 0, G_OPTION_ARG_NONE, &o.gbk, "Entry names as Windows writes them", NULL},
        {"metadata", 0, 0, G_OPTION_ARG_NONE, &o.metadata, "Every third page tells the name in its metadata", NULL},
        {"page", 0, 0, G_OPTION_ARG_NONE, &o.single, "One page only; its truth goes beside it, the applicant's name to stdout", NULL},
        {"kind", 0, 0, G_OPTION_ARG_STRING, &o.kind, "With --page (summary)", "KIND"},
        {"capture", 0, 0, G_OPTION_ARG_STRING, &o.capture, "With --page (clean)", "CAPTURE"},
        {"quality", 0, 0, G_OPTION_ARG_INT, &o.quality, "With --page: JPEG quality (as the capture says)", "Q"},
        {"overlay", 0, 0, G_OPTION_ARG_FILENAME, &o.overlay, "With --page: a PNG with the truth drawn on it", "PATH"},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new("- pages of invented dossiers, with their truth");
    g_option_context_add_main_entries(context, entries, NULL);
    g_autoptr(GError) error = NULL;
    guint flags = 0;
    bool good = g_option_context_parse(context, &argc, &argv, &error) && pm_flags_parse(o.flags, &flags, &error);
    if (good && o.seed_text)
        good = g_ascii_string_to_unsigned(o.seed_text, 10, 0, G_MAXUINT64, &o.seed, &error);
    if (good && !o.out) {
        g_set_error_literal(&error, PM_ERROR, PM_ERROR_WORD, "--out is missing");
        good = false;
    }
    good = good && (o.single ? draw_single(&o, flags, &error) : write_dossiers(&o, flags, &error));
    if (!good)
        fprintf(stderr, "make-pages: %s\n", error->message);
    char *const owned[] = {o.seed_text, o.out, o.captures, o.kinds, o.kind, o.capture, o.flags, o.overlay};
    for (guint i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
