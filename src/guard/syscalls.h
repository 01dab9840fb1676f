/* Which system calls a process may still make (guard, internal). Both answer false when the kernel has no seccomp filters. */
#pragma once
#include <stdbool.h>

/* Memory, time, reading and writing what is open; everything else fails with EPERM. */
bool syscalls_allow_computing(void);
/* Everything but network sockets, other programs, other processes' memory, and the kernel's own affairs. */
bool syscalls_deny_power(void);
