/* Where a new fiber begins: fiber_new left the entry function and its argument on its stack. */
#if defined(__x86_64__) && !defined(FIBER_UCONTEXT)
    .text
    .globl fiber_begin
    .hidden fiber_begin
    .type fiber_begin, @function
    .p2align 4
fiber_begin:
    .cfi_startproc
    .cfi_undefined rip
    endbr64
    popq %rdi
    popq %rax
    xorl %ebp, %ebp
    call *%rax
    ud2
    .cfi_endproc
    .size fiber_begin, .-fiber_begin
#endif
    .section .note.GNU-stack, "", %progbits
