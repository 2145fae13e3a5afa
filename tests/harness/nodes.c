/* SPDX-License-Identifier: MIT
 *
 * Linked into a libssl that is linked anew: the number that it answers to programs of older
 * releases, by version nodes as Red Hat's libssl.so.10 has them.  (--default-symver gives all other
 * names a node that is called as the library is.)
 */
unsigned long first_version_num(void);
unsigned long second_version_num(void);

__asm__(".symver first_version_num,OpenSSL_version_num@");
__asm__(".symver second_version_num,OpenSSL_version_num@OPENSSL_1.0.1");

unsigned long first_version_num(void)
{
	return 0x10000003UL;
}

unsigned long second_version_num(void)
{
	return 0x1000105fUL;
}
