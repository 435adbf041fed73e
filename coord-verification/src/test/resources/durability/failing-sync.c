/* Loaded before the C library: every sync fails with EIO while the file named by COORD_FAIL_SYNC exists. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fails(void) {
    const char *trigger = getenv("COORD_FAIL_SYNC");
    if (trigger == NULL || access(trigger, F_OK) != 0) {
        return 0;
    }
    errno = EIO;
    return 1;
}

int fsync(int fd) {
    return fails() ? -1 : (int) syscall(SYS_fsync, fd);
}

int fdatasync(int fd) {
    return fails() ? -1 : (int) syscall(SYS_fdatasync, fd);
}
