/* SPDX-License-Identifier: MIT
 *
 * audit: the library as an audit module (LD_AUDIT, rtld-audit(7)).  The dynamic linker asks it
 * about each symbol of a libssl that it binds, also for modules that were opened with RTLD_DEEPBIND
 * and for dlsym, and gets the address of the wrapper.
 *
 * An audit module is in a namespace of its own with a second libc, so its dl_iterate_phdr and its
 * errno are not the program's.
 */
#ifndef SSLHARDEN_AUDIT_H
#define SSLHARDEN_AUDIT_H

/* The address of the program's errno for this thread, whichever libc this library uses. */
int *audit_errno(void);

#endif
