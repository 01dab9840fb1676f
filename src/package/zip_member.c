#include "blindfold/package.h"

#include <glib/gi18n.h>
#include <zip.h>

static bool fail(GError **error, bf_package_error code, const char *name, const char *what)
{
    g_set_error(error, BF_PACKAGE_ERROR, code, "%s: %s", name, what);
    return false;
}

/* The declared size is only a claim: what is really there is read, and must be that much. */
static bool read_all(zip_file_t *file, guchar *data, gsize size)
{
    gsize at = 0;
    while (at < size) {
        zip_int64_t n = zip_fread(file, data + at, size - at);
        if (n <= 0)
            return false;
        at += (gsize)n;
    }
    guchar beyond;
    return zip_fread(file, &beyond, 1) == 0; /* only at the end does libzip check the CRC */
}

static bool read_member(zip_t *zip, const char *name, gsize max_bytes, GBytes **out, GError **error)
{
    zip_stat_t about;
    if (zip_stat(zip, name, 0, &about) != 0 || !(about.valid & ZIP_STAT_SIZE))
        return fail(error, BF_PACKAGE_ERROR_OPEN, name, _("not in the zip"));
    if (about.size > max_bytes)
        return fail(error, BF_PACKAGE_ERROR_LIMIT, name, _("larger than allowed"));
    guchar *data = g_try_malloc(MAX(about.size, 1));
    zip_file_t *file = data ? zip_fopen_index(zip, about.index, 0) : NULL;
    bool ok = file && read_all(file, data, about.size);
    if (file)
        zip_fclose(file);
    if (!ok) {
        g_free(data);
        return fail(error, BF_PACKAGE_ERROR_ENTRY, name, _("damaged, or packed in a way that cannot be read"));
    }
    *out = g_bytes_new_take(data, about.size);
    return true;
}

bool bf_zip_read_member(GBytes *bytes, const char *name, gsize max_bytes, GBytes **out, GError **error)
{
    zip_source_t *source = zip_source_buffer_create(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), 0, NULL);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;
    if (!zip) {
        if (source)
            zip_source_free(source);
        return fail(error, BF_PACKAGE_ERROR_FORMAT, name, _("this is not a zip, or a damaged one"));
    }
    bool ok = read_member(zip, name, max_bytes, out, error);
    zip_discard(zip);
    return ok;
}
