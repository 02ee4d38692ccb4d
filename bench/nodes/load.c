// Reads and writes nodes and prints a Markdown table: the servers take turns, so that all of them see the same machine.
//   load PATTERN MILLISECONDS ROUNDS TITLE PID PATH [TITLE PID PATH]...
// PATTERN is "null" (reads and writes apart) or "echo" (a write, then the same number of bytes read).
// A figure is the lower quartile of the rounds: what other programs take from the machine makes rounds longer, never
// shorter. The ratio is against the first server. CPU time is what the server's process took, by its CPU clock: user and
// kernel.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LONGEST = 1 << 16, MOST_SERVERS = 8, MOST_ROUNDS = 99, STEP = 64 };

struct server {
  const char *title;
  const char *path;
  clockid_t clock;
  int file;
  double nanoseconds[MOST_ROUNDS];
  double busy[MOST_ROUNDS];
};

static char buffer[LONGEST];

static void fail(const char *what, const char *path) {
  fprintf(stderr, "%s %s: %s\n", what, path, strerror(errno));
  exit(1);
}

static double now(clockid_t clock) {
  struct timespec time;
  if (clock_gettime(clock, &time) != 0) {
    fail("The clock cannot be read of the server of", "a node");
  }

  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void write_all(const struct server *server, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t count = write(server->file, buffer + done, size - done);
    if (count <= 0) {
      fail("Cannot write", server->path);
    }

    done += (size_t)count;
  }
}

static void read_all(const struct server *server, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t count = read(server->file, buffer + done, size - done);
    if (count <= 0) {
      fail("Cannot read", server->path);
    }

    done += (size_t)count;
  }
}

static void run(struct server *server, char operation, size_t size, double length, int round) {
  double busy = now(server->clock);
  double begin = now(CLOCK_MONOTONIC);
  double end;
  long operations = 0;
  do {
    for (int i = 0; i < STEP; i++) {
      if (operation != 'r') {
        write_all(server, size);
      }

      if (operation != 'w') {
        read_all(server, size);
      }
    }

    operations += STEP;
    end = now(CLOCK_MONOTONIC);
  } while (end - begin < length);

  server->nanoseconds[round] = (end - begin) / (double)operations;
  server->busy[round] = (now(server->clock) - busy) / (double)operations;
}

static int compare(const void *left, const void *right) {
  double a = *(const double *)left;
  double b = *(const double *)right;
  return (a > b) - (a < b);
}

static double lower_quartile(double *values, int count) {
  qsort(values, (size_t)count, sizeof *values, compare);
  return values[count / 4];
}

static void measure(struct server *servers, int count, char operation, size_t size, double length, int rounds) {
  static const char *const names[] = {"read", "write", "write, read back"};
  const char *name = names[operation == 'r' ? 0 : operation == 'w' ? 1 : 2];
  for (int round = -1; round < rounds; round++) {
    for (int i = 0; i < count; i++) {
      // The first round warms up; the next one overwrites it.
      run(&servers[i], operation, size, length, round < 0 ? 0 : round);
    }
  }

  double first_time = 0;
  double first_busy = 0;
  for (int i = 0; i < count; i++) {
    double time = lower_quartile(servers[i].nanoseconds, rounds);
    double busy = lower_quartile(servers[i].busy, rounds);
    first_time = i == 0 ? time : first_time;
    first_busy = i == 0 ? busy : first_busy;
    printf("| %s of %zu KiB | %s | %.0f MB/s | %.2f | %.1f μs | %.2f |\n", name, size >> 10, servers[i].title,
      (double)size * 1e3 / time, first_time / time, busy / 1e3, busy / first_busy);
  }

  fflush(stdout);
}

int main(int count, char **values) {
  int servers_given = (count - 4) / 3;
  int rounds = count > 3 ? atoi(values[3]) : 0;
  double length = count > 2 ? atof(values[2]) * 1e6 : 0;
  if (count < 7 || count % 3 != 1 || servers_given > MOST_SERVERS || rounds < 1 || rounds > MOST_ROUNDS || length <= 0) {
    fprintf(stderr, "Usage: load null|echo MILLISECONDS ROUNDS TITLE PID PATH [TITLE PID PATH]...\n");
    return 2;
  }

  struct server servers[MOST_SERVERS];
  for (int i = 0; i < servers_given; i++) {
    struct server *server = &servers[i];
    server->title = values[4 + 3 * i];
    server->path = values[6 + 3 * i];
    if ((errno = clock_getcpuclockid((pid_t)atoi(values[5 + 3 * i]), &server->clock)) != 0) {
      fail("There is no process to serve", server->path);
    }

    server->file = open(server->path, O_RDWR);
    if (server->file < 0) {
      fail("Cannot open", server->path);
    }
  }

  const char *operations = strcmp(values[1], "echo") == 0 ? "b" : "rw";
  printf("| Operation | Server | Throughput | Ratio | Server's CPU time | Ratio |\n");
  printf("| --- | --- | ---: | ---: | ---: | ---: |\n");
  for (const char *operation = operations; *operation != '\0'; operation++) {
    measure(servers, servers_given, *operation, 1 << 12, length, rounds);
    measure(servers, servers_given, *operation, 1 << 16, length, rounds);
  }

  return 0;
}
