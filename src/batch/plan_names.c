#include "batch/batch_plan.h"

#include "blindfold/name.h"

#include <string.h>

/* A given name of fewer characters stands in other words and names too often. */
enum { GIVEN_LEAST = 4 };

/* Has nobody else a name with this part in it? */
static bool is_unique(const GPtrArray *parts, guint own)
{
    const char *given = ((GStrv)parts->pdata[own])[0];
    for (guint i = 0; i < parts->len; i++)
        for (GStrv part = parts->pdata[i]; i != own && *part; part++)
            if (strstr(*part, given))
                return false;
    return true;
}

static void add_given_names(batch_plan *plan)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    for (guint i = 0; i < plan->items->len; i++)
        g_ptr_array_add(parts, bf_name_parts(((plan_item *)plan->items->pdata[i])->row->name));
    for (guint i = 0; i < plan->items->len; i++) {
        plan_item *item = plan->items->pdata[i];
        const char *given = ((GStrv)parts->pdata[i])[0];
        if (!given || g_utf8_strlen(given, -1) < GIVEN_LEAST || !is_unique(parts, i))
            continue;
        bf_name_add_part(item->query, given);
    }
}

void batch_plan_add_names(const bf_batch_settings *settings, batch_plan *plan)
{
    plan->names = g_new0(bf_query, 1);
    for (guint i = 0; i < plan->items->len; i++) {
        plan_item *item = plan->items->pdata[i];
        bf_query_add(plan->names, item->query, BF_FORM_NAME);
        if (settings->surname_forms)
            bf_name_add_surname_forms(item->query, item->row->name);
    }
    if (settings->given_names)
        add_given_names(plan);
}
