/* A disk on which each sync takes a while: preloaded into a process, it delays fsync and fdatasync. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int late(const char *name, int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const char *delay = getenv("SYNC_MILLISECONDS");
    long wait = delay ? atol(delay) : 0;
    struct timespec time = {wait / 1000, (wait % 1000) * 1000000};
    nanosleep(&time, NULL);
    return real(fd);
}

int fsync(int fd) { return late("fsync", fd); }
int fdatasync(int fd) { return late("fdatasync", fd); }
