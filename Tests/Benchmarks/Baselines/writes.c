/* The writes of dashboard's operations in C: keys and values of the same sizes, the same tables, transactions and flags, and BATCH
 * transactions in one commit. It reads nothing and checks nothing.
 *
 *   writes keys                                      prints the writes as rows of a Markdown table
 *   writes DIRECTORY OPERATION CLIENTS BATCH COUNT FIRST
 *                                                    seconds, and microseconds of processor time, for COUNT operations
 *   writes DIRECTORY commits                         the number of commits so far
 *   writes DIRECTORY sizes                           for each table its name, number of keys, bytes of keys, bytes of values
 *   writes DIRECTORY other MILLISECONDS              single writes with pauses of 5 ms: for each the microseconds until it has
 *                                                    the lock, and until it is durable
 */
#define _GNU_SOURCE
#include <crypt.h>
#include <lmdb.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

typedef uint8_t u8;
typedef uint64_t u64;

/* Letters of a key: a the app; e an existing session; v the last event of the data; c an existing account, o its sequence; i a new identifier, of this
 * second; s the next sequence, p the one before it; t a time; z zeros; 1–7 that byte, : the byte 10; x, y, k marks of an
 * attempt; h a hash; ' text with its length, in which % is the day, month or year. */
typedef struct { const char *operation; int transaction; char verb; const char *table, *key; size_t value; } Step;

#define COUNTER(transaction, verb, table, mark) \
  {"create-session", transaction, verb, table, "a" mark, 13}, {"create-session", transaction, verb, table "-by-end", "ta" mark, 8}
#define METRIC(operation, transaction, name) \
  {operation, transaction, '+', "metrics", "a'" name "/total", 8}, {operation, transaction, '+', "metrics", "a'" name "/%Y", 8}, \
  {operation, transaction, '+', "metrics", "a'" name "/%Y-%m", 8}, {operation, transaction, '+', "metrics", "a'" name "/%Y-%m-%d", 8}
static const Step steps[] = {
  {"set-session-ended", 1, '+', "sessions", "ae", 225},
  {"set-session-ended", 1, '+', "events", "av", 84},
  COUNTER(1, '+', "guesses", "1zx"), COUNTER(1, '+', "guesses", "2zy"), COUNTER(1, '+', "guesses", "3zk"),
  COUNTER(2, '-', "guesses", "1zx"), COUNTER(2, '-', "guesses", "2zy"), COUNTER(2, '-', "guesses", "3zk"),
  COUNTER(2, '+', "known-addresses", "4oy"),
  {"create-session", 2, '+', "numbers", "'sequence", 8},
  {"create-session", 2, '+', "sessions", "ai", 217},
  {"create-session", 2, '+', "sessions-of-account", "aos", 8},
  {"create-session", 2, '+', "sessions-by-age", "azs", 8},
  {"create-session", 2, '+', "expiries", "ts", 12},
  {"create-session", 2, '+', "counts", "az3", 8},
  {"create-session", 2, '+', "counts", "ao3", 8},
  METRIC("create-session", 2, "sessions-created"),
  {"create-session", 2, '+', "accounts", "ac", 270},
  {"create-account", 1, '+', "numbers", "'sequence", 8},
  {"create-account", 1, '+', "usernames", "ah", 8},
  {"create-account", 1, '+', "accounts", "ai", 262},
  {"create-account", 1, '+', "accounts-by-age", "azs", 8},
  {"create-account", 1, '+', "counts", "az1", 8},
  {"create-account", 1, '-', "administrators", "azs", 0},
  {"create-account", 1, '+', "numbers", "'sequence", 8},
  {"create-account", 1, '+', "events", "ai", 86},
  {"create-account", 1, '+', "events-of-account", "aps", 8},
  {"create-account", 1, '+', "events-by-age", "azs", 8},
  {"create-account", 1, '+', "events-by-expiry", "ts", 12},
  {"create-account", 1, '+', "events-by-mark", "aphs", 8},
  {"create-account", 1, '+', "counts", "az:", 8},
  {"create-account", 1, '+', "counts", "ap:", 8},
  METRIC("create-account", 1, "accounts-created"),
};
enum { step_count = sizeof steps / sizeof *steps };

typedef struct { u64 sequence, id; } Place;
static MDB_env *environment;
static MDB_dbi tables[step_count];
static Place *sessions, *accounts, *events;
static size_t session_count, account_count, event_count;
static u64 app, sequence, now;
static struct tm date;
static sem_t hashed, idle;

static void check(int code, const char *what) {
  if (code) fprintf(stderr, "%s: %s\n", what, mdb_strerror(code)), exit(1);
}
static double seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}
static u64 mixed(u64 value) { /* SplitMix64 */
  value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9, value = (value ^ value >> 27) * 0x94D049BB133111EB;
  return value ^ value >> 31;
}
static uint32_t scattered(uint32_t value) { /* a bijection, so operations differ (MurmurHash3's fmix32) */
  value = (value ^ value >> 16) * 0x85EBCA6B, value = (value ^ value >> 13) * 0xC2B2AE35;
  return value ^ value >> 16;
}
static u8 *append(u8 *to, u64 value, int bytes) {
  while (bytes--) *to++ = value >> 8 * bytes;
  return to;
}
static u64 number(const void *bytes, int count) {
  u64 value = 0;
  for (const u8 *p = bytes; count--; p++) value = value << 8 | *p;
  return value;
}
static u8 *random_bytes(u8 *to, u64 seed, int bytes) {
  for (int i = 0; i < bytes / 8; i++) to = append(to, mixed(seed + 0x9E3779B97F4A7C15 * (i + 1)), 8);
  return to;
}

/* The key of a step in operation number `operation`. */
static size_t key_of(const char *letters, u64 operation, u8 *key) {
  Place none = {0, 0}, *account = account_count ? &accounts[operation % account_count] : &none;
  Place *session = session_count ? &sessions[operation % session_count] : &none;
  u64 seed = mixed(now * 1000003 + operation);
  u8 *p = key;
  for (; *letters; letters++) {
    if (*letters == '\'') {
      size_t length = strftime((char *)p + 2, 100, letters + 1, &date);
      append(p, length, 2), p += 2 + length;
      break;
    }
    switch (*letters) {
    case 'a': p = append(p, app, 4); break;
    case 'e': p = append(p, session->id, 8); break;
    case 'v': p = append(p, event_count ? events[event_count - 1].id : 0, 8); break;
    case 'c': p = append(p, account->id, 8); break;
    case 'o': p = append(p, account->sequence, 8); break;
    case 'i': p = append(append(p, now / 1000, 4), scattered(operation), 4); break;
    case 's': p = append(p, sequence, 8); break;
    case 'p': p = append(p, sequence - 1, 8); break;
    case 't': p = append(p, now + 1200000, 8); break;
    case 'z': p = append(p, 0, 8); break;
    case 'h': p = random_bytes(p, seed + 1, 64); break;
    case 'x': case 'y': case 'k': p = random_bytes(p, seed + *letters, 16); break;
    default: *p++ = *letters - '0';
    }
  }
  return p - key;
}
static void perform(MDB_txn *txn, const char *name, int transaction, u64 operation) {
  u8 key[128], value[512];
  for (int i = 0; i < step_count; i++) {
    const Step *step = &steps[i];
    if (strcmp(step->operation, name) || step->transaction != transaction) continue;
    if (!strcmp(step->table, "numbers")) sequence++;
    MDB_val k = {key_of(step->key, operation, key), key}, v = {step->value, value};
    append(random_bytes(value, operation, step->value), sequence, 8);
    int code = step->verb == '+' ? mdb_put(txn, tables[i], &k, &v, 0) : mdb_del(txn, tables[i], &k, NULL);
    check(code == MDB_NOTFOUND ? 0 : code, step->table);
  }
}

static void *hash(void *unused) {
  struct crypt_data *data = calloc(1, sizeof *data);
  for (;;) {
    sem_wait(&idle);
    if (!crypt_r("a password that is hashed before, and so has 64 digits, as this .", "$2b$04$abcdefghijklmnopqrstuu", data)) exit(1);
    sem_post(&hashed);
  }
  return unused;
}

static Place *places(MDB_txn *txn, const char *table, size_t *count) {
  MDB_dbi dbi;
  MDB_cursor *cursor;
  MDB_stat stat;
  MDB_val key, value;
  check(mdb_dbi_open(txn, table, 0, &dbi) || mdb_stat(txn, dbi, &stat) || mdb_cursor_open(txn, dbi, &cursor), table);
  Place *places = calloc(stat.ms_entries + 1, sizeof *places);
  for (*count = 0; !mdb_cursor_get(cursor, &key, &value, MDB_NEXT); ++*count) {
    app = number(key.mv_data, 4);
    places[*count] = (Place){number((u8 *)key.mv_data + 12, 8), number(value.mv_data, 8)};
  }
  mdb_cursor_close(cursor);
  return places;
}
static void open_data(const char *directory) {
  MDB_txn *txn;
  MDB_val key = {10, "\0\10sequence"}, value;
  check(mdb_env_create(&environment), "mdb_env_create");
  mdb_env_set_mapsize(environment, (size_t)4 << 30), mdb_env_set_maxdbs(environment, 64);
  mdb_env_set_maxreaders(environment, 1024);
  check(mdb_env_open(environment, directory, MDB_NOTLS, 0600), directory);
  check(mdb_txn_begin(environment, NULL, MDB_RDONLY, &txn), "mdb_txn_begin");
  for (int i = 0; i < step_count; i++) check(mdb_dbi_open(txn, steps[i].table, 0, &tables[i]), steps[i].table);
  for (int i = 0; i < step_count; i++)
    if (!strcmp(steps[i].table, "numbers")) check(mdb_get(txn, tables[i], &key, &value), "the sequence");
  sequence = number(value.mv_data, 8);
  sessions = places(txn, "sessions-by-age", &session_count);
  accounts = places(txn, "accounts-by-age", &account_count);
  events = places(txn, "events-by-age", &event_count);
  if (account_count > 1) accounts++, account_count--; /* not the owner */
  check(mdb_txn_commit(txn), "mdb_txn_commit");
}

/* The clients take turns, and each runs its operation's transactions in order. So a commit of fewer transactions than clients contains
 * first transactions of some clients and second transactions of others. */
static void run(const char *name, size_t clients, size_t largest_batch, size_t count, u64 first) {
  int is_hashing = !strcmp(name, "create-account"), transactions = 0;
  for (int i = 0; i < step_count; i++)
    if (!strcmp(steps[i].operation, name)) transactions = steps[i].transaction;
  if (account_count > 100) account_count = 100; /* the accounts that have signed in, without new ones of earlier rounds */
  sem_init(&hashed, 0, 0), sem_init(&idle, 0, is_hashing ? clients : 0);
  struct rusage before, after;
  getrusage(RUSAGE_SELF, &before);
  double start = seconds();
  for (long i = is_hashing ? sysconf(_SC_NPROCESSORS_ONLN) : 0; i > 0; i--) {
    pthread_t thread;
    check(pthread_create(&thread, NULL, hash, NULL), "pthread_create");
  }
  for (size_t done = 0, batch, all = count * transactions; done < all; done += batch) {
    size_t most = clients < largest_batch ? clients : largest_batch;
    if (most > all - done) most = all - done;
    if (is_hashing) sem_wait(&hashed);
    for (batch = 1; batch < most && (!is_hashing || !sem_trywait(&hashed));) batch++;
    MDB_txn *txn;
    check(mdb_txn_begin(environment, NULL, 0, &txn), "mdb_txn_begin");
    for (size_t i = done; i < done + batch; i++) {
      size_t turn = i / clients;
      perform(txn, name, turn % transactions + 1, first + turn / transactions * clients + i % clients);
    }
    check(mdb_txn_commit(txn), "mdb_txn_commit");
    for (size_t i = 0; is_hashing && i < batch; i++) sem_post(&idle);
  }
  double duration = seconds() - start;
  getrusage(RUSAGE_SELF, &after);
#define TIME(field) ((after.field.tv_sec - before.field.tv_sec) * 1e6 + (after.field.tv_usec - before.field.tv_usec))
  printf("%f %f\n", duration, TIME(ru_utime) + TIME(ru_stime));
}

static void print_keys(void) {
  for (int i = 0; i < step_count; i++) {
    u8 key[128];
    const Step *step = &steps[i];
    printf("| %s | %d | %s | %s | %zu | %zu |\n", step->operation, step->transaction, step->verb == '+' ? "put" : "delete",
           step->table, key_of(step->key, 0, key), step->value);
  }
}
static void print_sizes(void) {
  MDB_txn *txn;
  MDB_dbi names, table;
  MDB_cursor *outer, *inner;
  MDB_val name, key, value;
  check(mdb_txn_begin(environment, NULL, MDB_RDONLY, &txn) || mdb_dbi_open(txn, NULL, 0, &names), "the names");
  check(mdb_cursor_open(txn, names, &outer), "the names");
  while (!mdb_cursor_get(outer, &name, &value, MDB_NEXT)) {
    char text[64];
    size_t count = 0, keys = 0, values = 0;
    snprintf(text, sizeof text, "%.*s", (int)name.mv_size, (char *)name.mv_data);
    check(mdb_dbi_open(txn, text, 0, &table) || mdb_cursor_open(txn, table, &inner), text);
    for (; !mdb_cursor_get(inner, &key, &value, MDB_NEXT); count++) keys += key.mv_size, values += value.mv_size;
    mdb_cursor_close(inner);
    printf("%s %zu %zu %zu\n", text, count, keys, values);
  }
}
static void print_commits(void) {
  MDB_envinfo info;
  check(mdb_env_info(environment, &info), "mdb_env_info");
  printf("%zu\n", info.me_last_txnid);
}
static void print_waits(double milliseconds) {
  MDB_txn *txn;
  int file;
  check(mdb_env_get_fd(environment, &file), "mdb_env_get_fd");
  for (double end = seconds() + milliseconds / 1000; seconds() < end; usleep(5000)) {
    MDB_val key = {7, "\0\5other"}, value = {8, "\0\0\0\0\0\0\0"};
    double start = seconds();
    check(flock(file, LOCK_EX), "flock");
    check(mdb_txn_begin(environment, NULL, 0, &txn), "mdb_txn_begin");
    check(flock(file, LOCK_UN), "flock");
    double begun = seconds();
    for (int i = 0; i < step_count; i++)
      if (!strcmp(steps[i].table, "numbers")) check(mdb_put(txn, tables[i], &key, &value, 0), "mdb_put");
    check(mdb_txn_commit(txn), "mdb_txn_commit");
    printf("%.0f %.0f\n", (begun - start) * 1e6, (seconds() - start) * 1e6);
  }
}

int main(int argc, char **argv) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  now = time.tv_sec * 1000 + time.tv_nsec / 1000000;
  gmtime_r(&time.tv_sec, &date);
  if (argc == 2 && !strcmp(argv[1], "keys")) return print_keys(), 0;
  if (argc < 3) return 64;
  open_data(argv[1]);
  if (!strcmp(argv[2], "sizes")) return print_sizes(), 0;
  if (argc == 3 && !strcmp(argv[2], "commits")) return print_commits(), 0;
  if (argc == 4 && !strcmp(argv[2], "other")) return print_waits(atof(argv[3])), 0;
  if (argc != 7) return 64;
  run(argv[2], atol(argv[3]), atol(argv[4]), atol(argv[5]), atol(argv[6]));
  return 0;
}
