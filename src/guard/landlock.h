/* Which files a process may still open (guard, internal). */
#pragma once
#include <stdbool.h>

/* Landlock: from here on, this thread opens nothing but what lies below the paths of these NULL-terminated lists (either may be NULL: none)
 * and, where `readable` is given, below what the system has installed. False when the kernel has no Landlock. */
bool landlock_restrict(const char *const *readable, const char *const *writable);
