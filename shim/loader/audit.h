/* SPDX-License-Identifier: MIT
 *
 * audit: the library as an audit module (LD_AUDIT, rtld-audit(7)).  The loader
 * then asks it about each symbol that it binds, those of modules opened with
 * RTLD_DEEPBIND and those fetched with dlsym among them, and is answered with
 * the wrappers.
 *
 * An audit module lives in a namespace of its own, with a libc of its own: its
 * dl_iterate_phdr and its errno are not the program's.
 */
#ifndef SSLHARDEN_AUDIT_H
#define SSLHARDEN_AUDIT_H

/* The program's errno for this thread, whichever libc is ours. */
int *audit_errno(void);

#endif
