/* Where a new fiber begins: fiber_new left the argument and the entry function on its stack. */
#if defined(__aarch64__) && !defined(FIBER_UCONTEXT)
    .text
    .globl fiber_begin
    .hidden fiber_begin
    .type fiber_begin, %function
    .p2align 4
fiber_begin:
    .cfi_startproc
    .cfi_undefined x30
    hint #36
    ldp x0, x2, [sp], #16
    mov x29, xzr
    mov x30, xzr
    blr x2
    brk #1
    .cfi_endproc
    .size fiber_begin, .-fiber_begin
#endif
    .section .note.GNU-stack, "", %progbits
