// A null device with libfuse: what the nodes are measured against. One file, "null", in the directory given. A read
// returns as many zeros as were asked for, a write swallows everything, and nothing is cached. Prints the file's path.
//   null DIR threads     requests by the threads that libfuse starts
//   null DIR single      requests by one thread
#define FUSE_USE_VERSION 312
#include <errno.h>
#include <fuse_lowlevel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { NODE = 2, LONGEST = 1 << 20 };

static char zeros[LONGEST];

static int fill(fuse_ino_t node, struct stat *attributes) {
  memset(attributes, 0, sizeof *attributes);
  attributes->st_ino = node;
  attributes->st_mode = node == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0660;
  attributes->st_nlink = 1;
  return node == FUSE_ROOT_ID || node == NODE ? 0 : ENOENT;
}

static void lookup(fuse_req_t request, fuse_ino_t parent, const char *name) {
  if (parent != FUSE_ROOT_ID || strcmp(name, "null") != 0) {
    fuse_reply_err(request, ENOENT);
    return;
  }

  struct fuse_entry_param entry = {.ino = NODE, .attr_timeout = 1, .entry_timeout = 1};
  fill(NODE, &entry.attr);
  fuse_reply_entry(request, &entry);
}

static void get_attributes(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *file) {
  (void)file;
  struct stat attributes;
  int error = fill(node, &attributes);
  if (error != 0) {
    fuse_reply_err(request, error);
  } else {
    fuse_reply_attr(request, &attributes, 1);
  }
}

static void open_node(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *file) {
  if (node != NODE) {
    fuse_reply_err(request, EISDIR);
    return;
  }

  file->direct_io = 1;
  file->nonseekable = 1;
  fuse_reply_open(request, file);
}

static void read_node(fuse_req_t request, fuse_ino_t node, size_t size, off_t offset, struct fuse_file_info *file) {
  (void)node;
  (void)offset;
  (void)file;
  fuse_reply_buf(request, zeros, size < LONGEST ? size : LONGEST);
}

static void write_node(fuse_req_t request, fuse_ino_t node, const char *data, size_t size, off_t offset, struct fuse_file_info *file) {
  (void)node;
  (void)data;
  (void)offset;
  (void)file;
  fuse_reply_write(request, size);
}

static const struct fuse_lowlevel_ops operations = {
  .lookup = lookup, .getattr = get_attributes, .open = open_node, .read = read_node, .write = write_node,
};

int main(int count, char **values) {
  if (count != 3 || (strcmp(values[2], "threads") != 0 && strcmp(values[2], "single") != 0)) {
    fprintf(stderr, "Usage: null DIR threads|single\n");
    return 2;
  }

  struct fuse_args arguments = FUSE_ARGS_INIT(1, values);
  struct fuse_session *session = fuse_session_new(&arguments, &operations, sizeof operations, NULL);
  if (session == NULL || fuse_set_signal_handlers(session) != 0 || fuse_session_mount(session, values[1]) != 0) {
    fprintf(stderr, "Nothing could be mounted at '%s'; be root, and have /dev/fuse and an empty directory.\n", values[1]);
    return 1;
  }

  printf("%s/null\n", values[1]);
  fflush(stdout);
  int result;
  if (strcmp(values[2], "single") == 0) {
    result = fuse_session_loop(session);
  } else {
    struct fuse_loop_config *configuration = fuse_loop_cfg_create();
    result = fuse_session_loop_mt(session, configuration);
    fuse_loop_cfg_destroy(configuration);
  }

  fuse_session_unmount(session);
  fuse_remove_signal_handlers(session);
  fuse_session_destroy(session);
  fuse_opt_free_args(&arguments);
  return result < 0 ? 1 : 0;
}
