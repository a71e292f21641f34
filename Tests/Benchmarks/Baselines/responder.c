/* A FastCGI responder in idiomatic C. It serves a few fixed bytes, or GET /api/user/session from a data directory of dashboard.
 *
 *   responder SOCKET THREADS hello | responder SOCKET THREADS session DATA_DIRECTORY
 *
 * Each event thread has an epoll set, like those of Sources/Gateway. It peeks at a connection, and gives it to libfcgi when a whole
 * request is there.
 * The session check does the same as dashboard's. It reads the cookie, path and query. It reads the session and its account in an LMDB
 * snapshot and decodes whole records. It compares the token's SHA-512 in constant time and checks whether the session has ended. It
 * checks that the named session belongs to the caller. The headers and the JSON are the same.
 * It has no other route, method or app, no bearer tokens, CORS or settings, no deadlines for slow clients, no worker pools, no idle
 * timeouts or ended epochs, fewer checks of malformed FastCGI records, and no cleanup at the end. It uses one snapshot instead of
 * three, and reads an account once for each session.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcgiapp.h>
#include <lmdb.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

typedef uint8_t u8;
typedef uint64_t u64;

static int listener;
static bool is_hello;
static MDB_env *environment;
static MDB_dbi apps, accounts, sessions;
static char encryption_key[129], session_key[129], name_prefix[13];
static atomic_ulong names;

static void die(const char *what) { perror(what); exit(1); }
static void check(int code, const char *what) {
  if (code) fprintf(stderr, "%s: %s\n", what, mdb_strerror(code)), exit(1);
}

/* Records: integers are big-endian, and text follows its length. See Sources/Records/StoredForms.swift. */

typedef struct { const u8 *at, *end; } Reader;

static const u8 *take(Reader *r, size_t n) {
  static const u8 none[64];
  if ((size_t)(r->end - r->at) < n) { r->at = r->end; return none; }
  return (r->at += n) - n;
}
static u64 integer(Reader *r, int bytes) {
  u64 value = 0;
  for (const u8 *p = take(r, bytes), *end = p + bytes; p < end; p++) value = value << 8 | *p;
  return value;
}
static void text(Reader *r, const u8 **start, size_t *length) {
  *length = integer(r, 2);
  *start = take(r, *length);
}
static bool optional(Reader *r, int64_t *value) { return integer(r, 1) && (*value = integer(r, 8), true); }

typedef struct { const u8 *key, *app; size_t key_length, app_length; u64 id; uint32_t epoch; bool is_deleted; } Account;
typedef struct {
  u64 id, account;
  const u8 *csrf, *hash, *app, *details;
  size_t app_length, details_length;
  uint32_t epoch;
  int64_t duration, used, created, updated, verified, ended;
  bool has_end, has_details;
} Session;

/* Finds a record. The reader starts at the number of its form. */
static bool find(MDB_txn *txn, MDB_dbi table, uint32_t app, u64 id, Reader *r) {
  u8 bytes[12];
  for (int i = 0; i < 4; i++) bytes[i] = app >> (24 - 8 * i);
  for (int i = 0; i < 8; i++) bytes[4 + i] = id >> (56 - 8 * i);
  MDB_val key = {sizeof bytes, bytes}, value;
  if (mdb_get(txn, table, &key, &value)) return false;
  *r = (Reader){value.mv_data, (u8 *)value.mv_data + value.mv_size};
  return true;
}
static bool find_account(MDB_txn *txn, uint32_t app, u64 id, Account *a) {
  Reader r;
  const u8 *password;
  size_t length;
  int64_t time;
  if (!find(txn, accounts, app, id, &r)) return false;
  u64 form = integer(&r, 1);
  if (form != 1 && form != 2) return false;
  a->id = integer(&r, 8);
  text(&r, &a->app, &a->app_length);
  integer(&r, 8), take(&r, 64);
  text(&r, &password, &length);
  text(&r, &a->key, &a->key_length);
  integer(&r, 4), a->epoch = integer(&r, 4);
  integer(&r, 8), integer(&r, 8), integer(&r, 8), optional(&r, &time), optional(&r, &time);
  a->is_deleted = optional(&r, &time);
  for (int i = 0; i < 7; i++) optional(&r, &time);
  if (form == 2 && integer(&r, 1) == 2) integer(&r, 8); /* the administrator who scheduled the deletion */
  return true;
}
static bool find_session(MDB_txn *txn, uint32_t app, u64 id, Session *s) {
  Reader r;
  if (!find(txn, sessions, app, id, &r)) return false;
  u64 form = integer(&r, 1);
  if (form != 1 && form != 2) return false;
  s->id = integer(&r, 8);
  text(&r, &s->app, &s->app_length);
  s->account = integer(&r, 8), integer(&r, 8), s->duration = integer(&r, 8);
  s->csrf = take(&r, 64), s->hash = take(&r, 64);
  s->epoch = integer(&r, 4), integer(&r, 8), s->used = integer(&r, 8);
  s->created = integer(&r, 8), s->updated = integer(&r, 8), s->verified = integer(&r, 8);
  s->has_end = optional(&r, &s->ended);
  if ((s->has_details = form == 2)) text(&r, &s->details, &s->details_length);
  return true;
}
static int64_t expiry(const Session *s) { return s->created + s->duration * 1000; }
static bool has_ended(const Session *s, const Account *a, int64_t now) {
  return s->has_end || now >= expiry(s) || s->epoch != a->epoch;
}

/* Requests. */

/* In bytes. A session's cookie is an identifier, a dot and a token. */
enum { ID_LENGTH = 21, TOKEN_LENGTH = 64 };

static char *hex(char *to, const u8 *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) *to++ = "0123456789abcdef"[bytes[i] >> 4], *to++ = "0123456789abcdef"[bytes[i] & 15];
  return to;
}
static char *identifier(char *to, const char *kind, u64 id) {
  u8 bytes[8];
  for (int i = 0; i < 8; i++) bytes[i] = id >> (56 - 8 * i);
  return hex(stpcpy(to, kind), bytes, 8);
}
static bool session_id(const char *text, size_t length, u64 *id) {
  if (length != 21 || memcmp(text, "sess_", 5)) return false;
  *id = 0;
  for (int i = 5; i < 21; i++) {
    int c = text[i], digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return false;
    *id = *id << 4 | digit;
  }
  return true;
}
/* The value of a name in a list of NAME=VALUE between separators and spaces. */
static const char *field(const char *list, const char *name, char separator, size_t *length) {
  size_t wanted = strlen(name);
  while (list && *list) {
    while (*list == ' ') list++;
    const char *end = strchrnul(list, separator);
    if (!strncmp(list, name, wanted) && list[wanted] == '=') {
      *length = end - list - wanted - 1;
      return list + wanted + 1;
    }
    list = *end ? end + 1 : end;
  }
  return NULL;
}
static char *digits(char *to, int64_t value, int width, char mark) {
  for (int i = width - 1; i >= 0; i--, value /= 10) to[i] = '0' + value % 10;
  to[width] = mark;
  return to + width + 1;
}
/* ISO 8601, for times since 1970. The date is computed with Howard Hinnant's civil_from_days. */
static char *timestamp(char *to, const char *name, int64_t milliseconds) {
  int64_t time = milliseconds % 86400000, day = milliseconds / 86400000 + 719468, era = day / 146097;
  int64_t of_era = day % 146097, year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int64_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
  char *p = stpcpy(stpcpy(stpcpy(to, ",\""), name), "\":\"");
  p = digits(p, year + era * 400 + (month >= 10), 4, '-');
  p = digits(p, month < 10 ? month + 3 : month - 9, 2, '-');
  p = digits(p, of_year - (153 * month + 2) / 5 + 1, 2, 'T');
  p = digits(digits(p, time / 3600000, 2, ':'), time / 60000 % 60, 2, ':');
  p = digits(digits(p, time / 1000 % 60, 2, '.'), time % 1000, 3, 'Z');
  return stpcpy(p, "\"");
}
/* Text without characters that need an escape. */
static char *member(char *to, const char *name, const u8 *start, const u8 *end) {
  if (start == end) return to;
  return stpcpy(mempcpy(stpcpy(stpcpy(stpcpy(to, ",\""), name), "\":\""), start, end - start), "\"");
}
static char *json(char *to, const Session *s, bool ended, bool current) {
  char *p = stpcpy(identifier(stpcpy(to, "{\"sessionid\":\""), "sess_", s->id), "\",\"object\":\"session\",\"appid\":\"");
  p = stpcpy(mempcpy(p, s->app, s->app_length), "\",\"accountid\":\"");
  p = stpcpy(identifier(p, "acct_", s->account), "\",\"duration\":");
  p = stpcpy(p + sprintf(p, "%lld", (long long)s->duration), ",\"csrfToken\":\"");
  p = stpcpy(hex(p, s->csrf, 64), "\"");
  p = timestamp(timestamp(p, "expiresAt", expiry(s)), "lastVerifiedAt", s->verified);
  if (s->has_end) p = timestamp(p, "endedAt", s->ended);
  p = stpcpy(stpcpy(p, ",\"ended\":"), ended ? "true" : "false");
  p = timestamp(timestamp(p, "createdAt", s->created), "updatedAt", s->updated);
  if (s->has_details) {
    const u8 *end = s->details + s->details_length, *feed = memchr(s->details, '\n', s->details_length);
    if (feed) p = member(member(p, "address", s->details, feed), "userAgent", feed + 1, end);
    p = timestamp(p, "lastUsedAt", s->used);
  }
  return stpcpy(p, current ? ",\"current\":true}" : "}");
}
static bool is_proven(const Session *s, const Account *a, const char *token, size_t length) {
  char id[32];
  u8 hash[64];
  crypto_hash_sha512_state state;
  crypto_hash_sha512_init(&state);
#define ADD(bytes, count) crypto_hash_sha512_update(&state, (const u8 *)(bytes), count)
  ADD(id, identifier(id, "acct_", a->id) - id), ADD("/", 1), ADD(token, length), ADD("/", 1);
  ADD(a->key, a->key_length), ADD("/", 1), ADD(session_key, strlen(session_key)), ADD(":", 1);
  ADD(encryption_key, strlen(encryption_key));
  crypto_hash_sha512_final(&state, hash);
  return sodium_memcmp(hash, s->hash, 64) == 0;
}
typedef struct { const char *status; char body[2048]; size_t length; } Answer;

static void set(Answer *answer, const char *status, const char *body) {
  answer->status = status;
  answer->length = stpcpy(answer->body, body) - answer->body;
}

static void session_check(char **envp, MDB_txn *txn, Answer *answer) {
  static const char path[] = "/api/user/session";
  const char *uri = FCGX_GetParam("REQUEST_URI", envp), *method = FCGX_GetParam("REQUEST_METHOD", envp);
  const char *cookies = FCGX_GetParam("HTTP_COOKIE", envp), *query = FCGX_GetParam("QUERY_STRING", envp);
  size_t path_length = uri ? strcspn(uri, "?") : 0;
  if (path_length != sizeof path - 1 || memcmp(uri, path, path_length) || !method || strcmp(method, "GET"))
    return set(answer, "404 Not Found", "{\"object\":\"error\",\"message\":\"invalid-route\"}");

  size_t cookie_length, named_length;
  const char *id_text = field(cookies, "dashboard_session", ';', &cookie_length);
  const char *named_text = field(query, "sessionid", '&', &named_length);
  MDB_val name = {11, "\0\11dashboard"}, value;
  u64 id, named_id;
  Session session, named;
  Account account, owner;
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  int64_t now = time.tv_sec * 1000 + time.tv_nsec / 1000000;
  set(answer, "401 Unauthorized", "{\"object\":\"auth\",\"message\":\"Sign in required\"}");
  if (!id_text || cookie_length != ID_LENGTH + 1 + TOKEN_LENGTH || id_text[ID_LENGTH] != '.') return;
  const char *token = id_text + ID_LENGTH + 1;
  if (!session_id(id_text, ID_LENGTH, &id) || mdb_get(txn, apps, &name, &value)) return;
  Reader r = {value.mv_data, (u8 *)value.mv_data + value.mv_size};
  uint32_t app = integer(&r, 8);
  if (!find_session(txn, app, id, &session) || !find_account(txn, app, session.account, &account) ||
      account.is_deleted || has_ended(&session, &account, now) || !is_proven(&session, &account, token, TOKEN_LENGTH))
    return;

  set(answer, "404 Not Found", "{\"object\":\"error\",\"message\":\"invalid-sessionid\",\"field\":\"sessionid\"}");
  if (!named_text || !session_id(named_text, named_length, &named_id) || !find_session(txn, app, named_id, &named) ||
      !find_account(txn, app, named.account, &owner) || owner.id != account.id)
    return;
  answer->status = "200 OK";
  answer->length = json(answer->body, &named, has_ended(&named, &owner, now), named.id == session.id) - answer->body;
}

static void answer_request(FCGX_Request *request, MDB_txn *txn) {
  Answer answer;
  char head[512];
  if (is_hello) {
    set(&answer, "200 OK", "{\"object\":\"hello\"}");
  } else {
    check(mdb_txn_renew(txn), "mdb_txn_renew");
    session_check(request->envp, txn, &answer);
    mdb_txn_reset(txn);
  }
  int length = snprintf(
    head, sizeof head,
    "Status: %s\r\nContent-Type: application/json; charset=utf-8\r\nCache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\nX-Request-Id: %s-%lu\r\nContent-Length: %zu\r\n\r\n",
    answer.status, name_prefix, atomic_fetch_add_explicit(&names, 1, memory_order_relaxed) + 1, answer.length);
  FCGX_PutStr(head, length, request->out);
  FCGX_PutStr(answer.body, answer.length, request->out);
}

/* Connections. */

/* The length of the request at the start of the bytes. 0: it is incomplete. -1: it is malformed. */
static long request_length(const u8 *bytes, size_t count) {
  bool has_parameters = false;
  for (size_t at = 0; count - at >= 8;) {
    size_t length = bytes[at + 4] << 8 | bytes[at + 5], end = at + 8 + length + bytes[at + 6];
    u8 type = bytes[at + 1], expected = at == 0 ? 1 : has_parameters ? 5 : 4;
    if (bytes[at] != 1 || type != expected) return -1;
    if (end > count) return 0;
    if (type == 4 && length == 0) has_parameters = true;
    if (type == 5 && length == 0) return end;
    at = end;
  }
  return 0;
}
/* Serves the requests that wait on the connection. False: the caller closes it. */
static bool serve(int connection, FCGX_Request *request, MDB_txn *txn, u8 *peeked, size_t capacity) {
  char ignored[4096];
  for (;;) {
    ssize_t count = recv(connection, peeked, capacity, MSG_PEEK | MSG_DONTWAIT);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    long length = count ? request_length(peeked, count) : -1;
    if (length <= 0) return length == 0;
    request->ipcFd = connection, request->keepConnection = 1;
    FCGX_Detach(request);
    if (FCGX_Accept_r(request)) return false;
    while (FCGX_GetStr(ignored, sizeof ignored, request->in) == sizeof ignored) {}
    answer_request(request, txn);
    bool is_kept = request->keepConnection;
    is_kept &= FCGX_FClose(request->err) == 0;
    is_kept &= FCGX_FClose(request->out) == 0;
    FCGX_Free(request, 0);
    request->ipcFd = -1;
    if (!is_kept) return false;
  }
}
static void *run(void *unused) {
  FCGX_Request request;
  MDB_txn *txn = NULL;
  size_t capacity = 64 * 1024;
  u8 *peeked = malloc(capacity);
  int poller = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event ready[64], watch = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.fd = listener};
  FCGX_InitRequest(&request, -1, 0);
  if (!is_hello) check(mdb_txn_begin(environment, NULL, MDB_RDONLY, &txn), "mdb_txn_begin"), mdb_txn_reset(txn);
  if (epoll_ctl(poller, EPOLL_CTL_ADD, listener, &watch)) die("epoll_ctl");
  for (;;) {
    int count = epoll_wait(poller, ready, 64, -1);
    for (int i = 0; i < count; i++) {
      int fd = ready[i].data.fd;
      if (fd != listener) {
        if (!serve(fd, &request, txn, peeked, capacity)) close(fd);
        continue;
      }
      for (int n = 0; n < 16 && (fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0; n++) {
        watch = (struct epoll_event){.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.fd = fd};
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &watch);
      }
    }
  }
  return unused;
}

static void open_data(const char *directory) {
  char path[4096], line[512];
  MDB_txn *txn;
  snprintf(path, sizeof path, "%s/secrets", directory);
  FILE *file = fopen(path, "r");
  if (!file) die(path);
  while (fgets(line, sizeof line, file))
    sscanf(line, "DASHBOARD_ENCRYPTION_KEY=%128s", encryption_key), sscanf(line, "DASHBOARD_SESSION_KEY=%128s", session_key);
  fclose(file);
  check(mdb_env_create(&environment), "mdb_env_create");
  mdb_env_set_mapsize(environment, (size_t)1 << 30), mdb_env_set_maxdbs(environment, 64);
  mdb_env_set_maxreaders(environment, 1024);
  check(mdb_env_open(environment, directory, MDB_NOTLS, 0600), directory);
  check(mdb_txn_begin(environment, NULL, MDB_RDONLY, &txn), "mdb_txn_begin");
  check(mdb_dbi_open(txn, "apps", 0, &apps) || mdb_dbi_open(txn, "accounts", 0, &accounts) ||
          mdb_dbi_open(txn, "sessions", 0, &sessions) || mdb_txn_commit(txn), "the tables");
}

int main(int argc, char **argv) {
  if (argc < 4) return 64;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  u8 random[6];
  int threads = atoi(argv[2]);
  is_hello = !strcmp(argv[3], "hello");
  if (!is_hello && argc > 4) open_data(argv[4]);
  if (getrandom(random, sizeof random, 0) != sizeof random || sodium_init() < 0) die("getrandom");
  *hex(name_prefix, random, sizeof random) = 0;
  FCGX_Init();
  signal(SIGTERM, SIG_DFL); /* FCGX_Init installs a handler */
  strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
  listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) die(argv[1]);
  for (int i = 1; i < threads; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, NULL)) die("pthread_create");
  }
  run(NULL);
}
