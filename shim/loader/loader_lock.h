/* SPDX-License-Identifier: MIT
 *
 * loader_lock: which of this process's threads are in the dynamic loader.
 *
 * dl_iterate_phdr, dlopen and dlclose take a lock that glibc's fork does not give back: in a child
 * that was forked while another thread held it, it is held for ever.
 *
 * Nothing here allocates (but for one page) or changes errno.  Safe from any thread.
 */
#ifndef SSLHARDEN_LOADER_LOCK_H
#define SSLHARDEN_LOADER_LOCK_H

#include <stdbool.h>

/* To be called before and after our own calls of dl_iterate_phdr. */
void loader_lock_taken(void);
void loader_lock_released(void);

/* Whether it is held for ever, as far as this library's threads have held it. */
bool loader_lock_is_orphaned(void);

/* To be called around the program's dlclose; and whether a thread of this process is in dlclose. */
void loader_unload_begins(void);
void loader_unload_ended(void);
bool loader_is_unloading(void);

#endif
