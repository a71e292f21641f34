// Declarations that the toolchain's Glibc module lacks, since it is built without _GNU_SOURCE.
#pragma once
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/vfs.h>

extern int fallocate(int, int, off_t, off_t);
extern int accept4(int, struct sockaddr *, socklen_t *, int);
extern void *memmem(const void *, size_t, const void *, size_t);
extern int pthread_setname_np(pthread_t, const char *);
extern int pthread_getname_np(pthread_t, char *, size_t);
extern int pipe2(int[2], int);
extern int sched_getcpu(void);

extern char **environ;

/// The environment of the process: NAME=VALUE strings, ended by NULL (environ(7)).
static inline char **dashboard_environment(void) { return environ; }

/// Makes a descriptor non-blocking. Swift does not import fcntl(2), which is variadic.
static inline int dashboard_set_nonblocking(int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  return flags < 0 ? -1 : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

/// Asks for the capacity of a pipe in bytes (F_SETPIPE_SZ).
static inline int dashboard_set_pipe_size(int descriptor, int bytes) { return fcntl(descriptor, 1031, bytes); }

/// Reserves the blocks of a file's first bytes without a change of its length (FALLOC_FL_KEEP_SIZE).
static inline int dashboard_reserve(int descriptor, off_t bytes) { return fallocate(descriptor, 1, 0, bytes); }

/// Makes all threads allocate from one heap. By default each may reserve 64 MiB of address space (mallopt(3)).
static inline int dashboard_use_one_heap(void) { return mallopt(M_ARENA_MAX, 1); }

/// Starts to fetch a line of memory into the cache, without waiting. The address need not be mapped.
static inline void dashboard_prefetch(const void *start, size_t offset) {
  __builtin_prefetch((const void *)((uintptr_t)start + offset));
}

/// Sends SIGKILL to this process when its parent ends (prctl(2), which is variadic).
static inline int dashboard_end_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }
