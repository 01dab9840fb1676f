/* A name and a text from the bytes: "name LF alias LF text" (a missing part is empty). Whatever the bytes, the query must keep the
 * contract of query.h, and nothing of the name may be found in the redacted text. */
#include "blindfold/name.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_query(const bf_query *query)
{
    require(query->n_forms > 0);
    for (guint f = 0; f < query->n_forms; f++) {
        const bf_form *form = &query->forms[f];
        require(form->n_symbols >= 2);
        for (guint s = 0; s < form->n_symbols; s++) {
            require(form->symbols[s].n_alts >= 1);
            for (guint a = 0; a < form->symbols[s].n_alts; a++)
                require(!bf_query_is_separator(form->symbols[s].alts[a]));
        }
    }
}

static void check_text(const bf_query *query, const char *text)
{
    g_autofree char *redacted = bf_name_redact_text(query, text);
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    require(g_utf8_validate(redacted, -1, NULL));
    require(bf_name_in_text(query, text) == (strcmp(redacted, valid) != 0));
    require(!bf_name_in_text(query, redacted));
    g_autoptr(GBytes) bytes = g_bytes_new(valid, strlen(valid));
    require(bf_name_in_bytes(query, bytes) >= bf_name_in_text(query, valid));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *input = g_strndup((const char *)data, size);
    g_auto(GStrv) parts = g_strsplit(input, "\n", 3);
    guint n = g_strv_length(parts);
    const char *aliases[] = {n > 1 ? parts[1] : NULL, NULL};
    g_autoptr(bf_query) query = NULL;
    g_autoptr(GError) error = NULL;
    if (!bf_name_build(n ? parts[0] : "", aliases, &query, &error)) {
        require(query == NULL && error && error->domain == BF_NAME_ERROR);
        return 0;
    }
    check_query(query);
    if (n > 2)
        check_text(query, parts[2]);
    g_autofree char *unknown = bf_name_without_pinyin(parts[0]);
    return 0;
}
