/* SPDX-License-Identifier: MIT
 *
 * dlsym and dlvsym: ask NAME_target(handle, name, caller) where to go on, and jump there
 * with the caller's arguments and return address.
 *
 * glibc and musl take from the return address whose RTLD_NEXT and RTLD_DEFAULT
 * are meant, so the call has to be a jump.  Of a C function that ends in a call
 * the compiler makes a jump or not; at -O0 or under a sanitizer it does not.
 * (harness/next.c: with a C wrapper at -O0, RTLD_NEXT finds the caller itself.)
 */
#if defined(__x86_64__)

#ifdef __CET__
#include <cet.h>
#else
#define _CET_ENDBR
#endif

.macro FORWARD name
	.globl	\name
	.type	\name, @function
	.hidden	\name\()_target
	.p2align 4
\name:
	.cfi_startproc
	_CET_ENDBR
	pushq	%rdi
	.cfi_adjust_cfa_offset 8
	pushq	%rsi
	.cfi_adjust_cfa_offset 8
	pushq	%rdx			/* dlvsym's version; and %rsp is aligned again */
	.cfi_adjust_cfa_offset 8
	movq	24(%rsp), %rdx		/* the return address */
	call	\name\()_target
	popq	%rdx
	.cfi_adjust_cfa_offset -8
	popq	%rsi
	.cfi_adjust_cfa_offset -8
	popq	%rdi
	.cfi_adjust_cfa_offset -8
	jmp	*%rax
	.cfi_endproc
	.size	\name, . - \name
.endm

#elif defined(__i386__)

.macro FORWARD name
	.globl	\name
	.type	\name, @function
	.hidden	\name\()_target
	.p2align 4
\name:
	.cfi_startproc
	pushl	(%esp)			/* the return address; the caller's arguments stay */
	.cfi_adjust_cfa_offset 4
	pushl	12(%esp)		/* name */
	.cfi_adjust_cfa_offset 4
	pushl	12(%esp)		/* handle; and %esp is aligned again */
	.cfi_adjust_cfa_offset 4
	call	\name\()_target
	addl	$12, %esp
	.cfi_adjust_cfa_offset -12
	jmp	*%eax
	.cfi_endproc
	.size	\name, . - \name
.endm

#elif defined(__aarch64__)

.macro FORWARD name
	.globl	\name
	.type	\name, %function
	.hidden	\name\()_target
	.p2align 2
\name:
	.cfi_startproc
	hint	#34			/* bti c */
	stp	x29, x30, [sp, #-48]!
	.cfi_def_cfa_offset 48
	.cfi_offset 29, -48
	.cfi_offset 30, -40
	mov	x29, sp
	stp	x0, x1, [sp, #16]
	str	x2, [sp, #32]		/* dlvsym's version */
	mov	x2, x30			/* the return address */
	bl	\name\()_target
	mov	x16, x0
	ldp	x0, x1, [sp, #16]
	ldr	x2, [sp, #32]
	ldp	x29, x30, [sp], #48
	.cfi_restore 29
	.cfi_restore 30
	.cfi_def_cfa_offset 0
	br	x16
	.cfi_endproc
	.size	\name, . - \name
.endm

#else
#error "dlsym.S: no code for this architecture"
#endif

	.text
	FORWARD dlsym
	FORWARD dlvsym

	.section .note.GNU-stack, "", %progbits
