/* bcrypt COST THREADS COUNT: THREADS threads hash COUNT passwords with crypt_r. Prints the seconds. */
#include <crypt.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static char setting[] = "$2b$00$abcdefghijklmnopqrstuu";
static atomic_int left;

static void *hash(void *unused) {
  struct crypt_data *data = calloc(1, sizeof *data);
  while (atomic_fetch_sub(&left, 1) > 0)
    if (!crypt_r("a password that is hashed before, and so has 64 digits, as this .", setting, data)) exit(1);
  return unused;
}

int main(int argc, char **argv) {
  struct timespec start, end;
  pthread_t threads[64];
  if (argc != 4) return 64;
  int cost = atoi(argv[1]), count = atoi(argv[2]);
  setting[4] += cost / 10, setting[5] += cost % 10, left = atoi(argv[3]);
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (int i = 0; i < count && i < 64; i++)
    if (pthread_create(&threads[i], NULL, hash, NULL)) return 1;
  for (int i = 0; i < count && i < 64; i++) pthread_join(threads[i], NULL);
  clock_gettime(CLOCK_MONOTONIC, &end);
  printf("%f\n", end.tv_sec - start.tv_sec + (end.tv_nsec - start.tv_nsec) / 1e9);
}
