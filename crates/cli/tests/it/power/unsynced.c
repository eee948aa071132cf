/* Keeps, beside a folder, what of it would be left if the power went now: of each file what it held when it was synced
 * last, and of each folder the names that it had when it was synced last. Preloaded into a program that is killed
 * afterwards. More is lost than any real file system would lose: nothing that was not asked to be kept.
 *
 * POWER_WATCHED names the folder, POWER_KEPT where the copy goes. What is there when the program begins counts as kept.
 * Files that are mapped and written through the map are not followed; SQLite's -shm, the one there is, is made anew. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 4096
#define KEY 80

static char watched[PATH_MAX], kept[PATH_MAX];
static size_t watched_length;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* What was written into a file since it was synced. */
static struct { char key[KEY]; int64_t from, to; } dirty[FILES];
static int files;

static void fail(const char *what) {
    dprintf(2, "unsynced: %s: %s\n", what, strerror(errno));
    _exit(99);
}

/* A file has one number as long as it lives; with the time of its birth no other ever has had it. */
static int key_at(int fd, const char *name, int how, char *key, struct statx *about) {
    if (statx(fd, name, how, STATX_BASIC_STATS | STATX_BTIME, about) != 0) return -1;
    snprintf(key, KEY, "%llu-%lld-%u", (unsigned long long)about->stx_ino, (long long)about->stx_btime.tv_sec,
             about->stx_btime.tv_nsec);
    return 0;
}

static int key_of(int fd, char *key, struct statx *about) { return key_at(fd, "", AT_EMPTY_PATH, key, about); }

/* The path of an open file, when it lies in the folder. */
static int path_of(int fd, char *path) {
    if (watched_length == 0) return -1;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    if (n < (ssize_t)watched_length) return -1;
    path[n] = 0;
    if (strncmp(path, watched, watched_length) != 0) return -1;
    return path[watched_length] == 0 || path[watched_length] == '/' ? 0 : -1;
}

static void note(int fd, int64_t from, int64_t to) {
    int before = errno;
    char path[PATH_MAX], key[KEY];
    struct statx about;
    if (path_of(fd, path) == 0 && key_of(fd, key, &about) == 0 && S_ISREG(about.stx_mode)) {
        pthread_mutex_lock(&lock);
        int n = 0;
        while (n < files && strcmp(dirty[n].key, key) != 0) n++;
        if (n == files) {
            if (files == FILES) fail("too many files");
            strcpy(dirty[n].key, key);
            dirty[n].from = from;
            dirty[n].to = to;
            files++;
        } else {
            if (from < dirty[n].from) dirty[n].from = from;
            if (to > dirty[n].to) dirty[n].to = to;
        }
        pthread_mutex_unlock(&lock);
    }
    errno = before;
}

static void copy(int from_fd, const char *key, int64_t from, int64_t to, int64_t length) {
    char target[PATH_MAX + KEY + 16], piece[65536];
    snprintf(target, sizeof target, "%s/files/%s", kept, key);
    int new = access(target, F_OK) != 0;
    int out = syscall(SYS_openat, AT_FDCWD, target, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
    if (out < 0) fail(target);
    if (new) from = 0, to = INT64_MAX;
    if (to > length) to = length;
    while (from < to) {
        size_t most = to - from < (int64_t)sizeof piece ? (size_t)(to - from) : sizeof piece;
        ssize_t n = syscall(SYS_pread64, from_fd, piece, most, from);
        if (n <= 0) break;
        if (syscall(SYS_pwrite64, out, piece, (size_t)n, from) != n) fail(target);
        from += n;
    }
    if (syscall(SYS_ftruncate, out, length) != 0) fail(target);
    syscall(SYS_close, out);
}

static void keep_file(int fd, const char *key, int64_t length) {
    /* Closing any descriptor of a file gives up the locks that the program has on it (fcntl(2)), and SQLite's are such:
     * what can be read is read as it is. */
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int readable = (syscall(SYS_fcntl, fd, F_GETFL) & O_ACCMODE) != O_WRONLY;
    int in = readable ? fd : (int)syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC, 0);
    if (in < 0) fail(link);
    int n = 0;
    while (n < files && strcmp(dirty[n].key, key) != 0) n++;
    if (n < files) {
        copy(in, key, dirty[n].from, dirty[n].to, length);
        dirty[n] = dirty[--files];
    } else {
        /* Nothing was written; its length may be another, or it may never have been kept. */
        copy(in, key, 0, 0, length);
    }
    if (!readable) syscall(SYS_close, in);
}

/* The names in a folder; with `all` the files too, and what lies below, before the program has any locks. */
static void keep_names(const char *path, int all) {
    char list[PATH_MAX * 2], ready[PATH_MAX * 2 + 8], flat[PATH_MAX];
    snprintf(flat, sizeof flat, "%s", path + watched_length);
    for (char *c = flat; *c; c++) if (*c == '/') *c = '%';
    snprintf(ready, sizeof ready, "%s/names/%s%%", kept, flat);
    snprintf(list, sizeof list, "%s/half%s%%", kept, flat);
    FILE *out = fopen(list, "we");
    if (!out) fail(list);
    DIR *folder = opendir(path);
    if (!folder) { fclose(out); return; }
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        char key[KEY];
        struct statx about;
        if (key_at(dirfd(folder), entry->d_name, AT_SYMLINK_NOFOLLOW, key, &about) == 0) {
            if (S_ISREG(about.stx_mode)) {
                fprintf(out, "%s\t%s\n", key, entry->d_name);
                if (!all) continue;
                int fd = syscall(SYS_openat, dirfd(folder), entry->d_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);
                if (fd < 0) continue;
                copy(fd, key, 0, INT64_MAX, about.stx_size);
                syscall(SYS_close, fd);
            } else if (S_ISDIR(about.stx_mode) && all) {
                char below[PATH_MAX];
                snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
                keep_names(below, 1);
            }
        }
    }
    closedir(folder);
    fclose(out);
    if (rename(list, ready) != 0) fail(ready);
}

static int keep(int fd, int (*real)(int)) {
    char path[PATH_MAX], key[KEY];
    struct statx about;
    if (path_of(fd, path) != 0 || key_of(fd, key, &about) != 0) return real(fd);
    pthread_mutex_lock(&lock);
    if (S_ISDIR(about.stx_mode)) keep_names(path, 0);
    else if (S_ISREG(about.stx_mode)) keep_file(fd, key, (int64_t)about.stx_size);
    pthread_mutex_unlock(&lock);
    errno = 0;
    return 0;
}

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("POWER_WATCHED"), *to = getenv("POWER_KEPT");
    if (!folder || !to) return;
    snprintf(kept, sizeof kept, "%s", to);
    if (!realpath(folder, watched)) return;
    size_t length = strlen(watched);
    watched_length = length;
    pthread_mutex_lock(&lock);
    keep_names(watched, 1);
    pthread_mutex_unlock(&lock);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define ONCE(name) static __typeof__(&name) real; if (!real) real = REAL(name)

static int64_t place(int fd) { return (int64_t)syscall(SYS_lseek, fd, 0, SEEK_CUR); }

ssize_t write(int fd, const void *bytes, size_t length) {
    ONCE(write);
    ssize_t n = real(fd, bytes, length);
    if (n > 0 && watched_length) {
        int before = errno;
        int64_t end = place(fd);
        errno = before;
        if (end >= n) note(fd, end - n, end);
    }
    return n;
}

ssize_t writev(int fd, const struct iovec *pieces, int count) {
    ONCE(writev);
    ssize_t n = real(fd, pieces, count);
    if (n > 0 && watched_length) {
        int before = errno;
        int64_t end = place(fd);
        errno = before;
        if (end >= n) note(fd, end - n, end);
    }
    return n;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    ONCE(pwrite);
    ssize_t n = real(fd, bytes, length, at);
    if (n > 0) note(fd, at, at + n);
    return n;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    ONCE(pwrite64);
    ssize_t n = real(fd, bytes, length, at);
    if (n > 0) note(fd, at, at + n);
    return n;
}

int ftruncate(int fd, off_t length) {
    ONCE(ftruncate);
    int done = real(fd, length);
    if (done == 0) note(fd, length, INT64_MAX);
    return done;
}

int ftruncate64(int fd, off64_t length) {
    ONCE(ftruncate64);
    int done = real(fd, length);
    if (done == 0) note(fd, length, INT64_MAX);
    return done;
}

int fsync(int fd) {
    ONCE(fsync);
    return keep(fd, real);
}

int fdatasync(int fd) {
    ONCE(fdatasync);
    return keep(fd, real);
}
