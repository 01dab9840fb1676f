/* See standin_page.c. */
#pragma once
#include "blindfold/page.h"

bf_page_engine *standin_engine(bool later);
void standin_engine_free(bf_page_engine *e);
