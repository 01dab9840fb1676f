/* Readers opened once a process, workers once a thread. */
#include "page/sheet.h"

#include <glib/gi18n.h>

GQuark bf_page_error_quark(void)
{
    return g_quark_from_static_string("bf-page-error");
}

static const bf_reader_class *reader_class(const char *name)
{
    static const bf_reader_class *const all[] = {&bf_reader_ppocr, &bf_reader_tesseract};
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}

static bool open_reader(bf_page_engine *e, const char *name, const char *models_dir, GError **error)
{
    const bf_reader_class *class = reader_class(name);
    if (class == NULL || e->n_readers == READERS_MAX) {
        g_set_error(error, BF_PAGE_ERROR, BF_PAGE_ERROR_READER, _("there is no reader \"%s\"; the readers are ppocr and tesseract"), name);
        return false;
    }
    for (guint i = 0; i < e->n_readers; i++)
        if (e->readers[i].class == class)
            return true;
    g_autoptr(GError) cause = NULL;
    bf_reader *reader = NULL;
    if (!class->open(models_dir, &reader, &cause)) {
        g_set_error(error, BF_PAGE_ERROR, BF_PAGE_ERROR_READER, _("reader %s: %s"), name, cause->message);
        return false;
    }
    e->readers[e->n_readers] = (bf_used_reader){class, reader};
    class->info(reader, &e->infos[e->n_readers]);
    e->n_readers++;
    return true;
}

bool bf_page_engine_new(const bf_page_settings *settings, bf_page_engine **out, GError **error)
{
    g_auto(GStrv) names = g_strsplit(settings->readers != NULL ? settings->readers : "ppocr,tesseract", ",", -1);
    bf_page_engine *e = g_new0(bf_page_engine, 1);
    e->uniform_width = settings->uniform_width;
    e->fix_orientation = settings->fix_orientation;
    const bf_limits limits = bf_limits_effective(&settings->limits);
    e->max_pixels = limits.max_pixels;
    e->max_damaged_percent = limits.max_damaged_percent;
    for (char **name = names; *name != NULL; name++)
        if (!open_reader(e, g_strstrip(*name), settings->models_dir, error)) {
            bf_page_engine_free(e);
            return false;
        }
    if (e->n_readers == 0) {
        g_set_error(error, BF_PAGE_ERROR, BF_PAGE_ERROR_READER, _("no reader is named; the readers are ppocr and tesseract"));
        bf_page_engine_free(e);
        return false;
    }
    e->glyphs = bf_glyphs_new();
    GString *line = g_string_new(NULL);
    g_string_append_printf(line, "damaged_percent=%u fix_orientation=%s max_pixels=%" G_GINT64_FORMAT " readers=%s", e->max_damaged_percent,
                           e->fix_orientation ? "true" : "false", e->max_pixels, e->readers[0].class->name);
    for (guint i = 1; i < e->n_readers; i++)
        g_string_append_printf(line, ",%s", e->readers[i].class->name);
    g_string_append_printf(line, " uniform_width=%s", e->uniform_width ? "true" : "false");
    e->settings = g_string_free(line, FALSE);
    *out = e;
    return true;
}

void bf_page_engine_free(bf_page_engine *e)
{
    if (e == NULL)
        return;
    for (guint i = 0; i < e->n_readers; i++)
        e->readers[i].class->close(e->readers[i].reader);
    bf_glyphs_free(e->glyphs);
    g_free(e->settings);
    g_free(e);
}

const bf_reader_info *bf_page_engine_readers(const bf_page_engine *e, guint *n)
{
    *n = e->n_readers;
    return e->infos;
}

const char *bf_page_engine_settings(const bf_page_engine *e)
{
    return e->settings;
}

static bool knows_symbol(const bf_used_reader *r, const bf_symbol *symbol)
{
    bool known = r->class->knows == NULL;
    for (guint a = 0; a < symbol->n_alts && !known; a++)
        known = r->class->knows(r->reader, symbol->alts[a]);
    return known;
}

/* Has the name a character that the reader can be trusted to read? Without one there is nothing by which a place could be looked at. */
static bool has_foothold(const bf_used_reader *r, const bf_form *form)
{
    for (guint s = 0; s < form->n_symbols; s++)
        if (knows_symbol(r, &form->symbols[s]) && (r->class->misreads == NULL || !r->class->misreads(r->reader, form->symbols[s].alts[0])))
            return true;
    return false;
}

bool bf_page_engine_is_blind_to(const bf_page_engine *e, const bf_query *query)
{
    for (guint f = 0; f < query->n_forms; f++) {
        const bf_form *form = &query->forms[f];
        guint known = 0;
        for (guint s = 0; s < form->n_symbols; s++)
            known += knows_symbol(&e->readers[0], &form->symbols[s]);
        bool name = form->kind == BF_FORM_NAME || form->kind == BF_FORM_ALIAS;
        if (form->n_symbols > BF_FORM_MAX_SYMBOLS || (2 * known < form->n_symbols && form->kind != BF_FORM_ARABIC) ||
            (name && !has_foothold(&e->readers[0], form)))
            return true;
    }
    return false;
}

bool bf_page_engine_prepare(bf_page_engine *e, const bf_query *query, GError **error)
{
    const bf_used_reader *r = &e->readers[0];
    return r->class->prepare == NULL || r->class->prepare(r->reader, e->glyphs, query, error);
}

guint bf_page_engine_n_fonts(const bf_page_engine *e)
{
    return bf_glyphs_n_faces(e->glyphs);
}

char *bf_page_engine_unreadable(const bf_page_engine *e, const bf_query *query)
{
    GString *unknown = g_string_new(NULL);
    const bf_used_reader *main_reader = &e->readers[0];
    for (guint f = 0; f < query->n_forms; f++) {
        const bf_form *form = &query->forms[f];
        if (form->kind != BF_FORM_NAME && form->kind != BF_FORM_ALIAS)
            continue;
        for (guint s = 0; s < form->n_symbols; s++) {
            gunichar c = form->symbols[s].alts[0];
            if (!knows_symbol(main_reader, &form->symbols[s]) && g_utf8_strchr(unknown->str, -1, c) == NULL)
                g_string_append_unichar(unknown, c);
        }
    }
    return g_string_free(unknown, FALSE);
}

bool bf_page_worker_new(bf_page_engine *engine, bf_page_worker **out, GError **error)
{
    bf_page_worker *w = g_new0(bf_page_worker, 1);
    w->engine = engine;
    const bf_reader_class *class;
    bf_reader_worker *main_worker;
    if (!bf_worker_reader(w, 0, &class, &main_worker, error)) {
        bf_page_worker_free(w);
        return false;
    }
    *out = w;
    return true;
}

void bf_page_worker_free(bf_page_worker *w)
{
    if (w == NULL)
        return;
    for (guint i = 0; i < w->engine->n_readers; i++)
        if (w->workers[i] != NULL)
            w->engine->readers[i].class->worker_free(w->workers[i]);
    g_free(w);
}

bool bf_worker_reader(bf_page_worker *w, guint which, const bf_reader_class **class, bf_reader_worker **worker, GError **error)
{
    g_assert(which < w->engine->n_readers);
    const bf_used_reader *used = &w->engine->readers[which];
    if (w->workers[which] == NULL && !used->class->worker_new(used->reader, &w->workers[which], error))
        return false;
    *class = used->class;
    *worker = w->workers[which];
    return true;
}

bool bf_page_worker_warm(bf_page_worker *w, GError **error)
{
    for (guint i = 0; i < w->engine->n_readers; i++) {
        const bf_reader_class *class;
        bf_reader_worker *worker;
        if (!bf_worker_reader(w, i, &class, &worker, error))
            return false;
        if (class->warm != NULL)
            class->warm(worker);
    }
    return true;
}

void bf_reading_init(bf_reading *r)
{
    r->lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    r->hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    r->doubts = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    r->others = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    r->labels = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    r->unread = r->unproved_script = r->faint_name = false;
}

void bf_reading_clear(bf_reading *r)
{
    g_array_unref(r->lines);
    g_array_unref(r->hits);
    g_array_unref(r->doubts);
    g_array_unref(r->others);
    g_array_unref(r->labels);
    memset(r, 0, sizeof *r);
}
