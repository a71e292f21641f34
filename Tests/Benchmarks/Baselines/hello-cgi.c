/* The smallest CGI program (RFC 3875), linked statically. It shows the cost of starting a process. */
#include <unistd.h>

int main(void) {
  static const char answer[] = "Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n";
  return write(1, answer, sizeof answer - 1) == sizeof answer - 1 ? 0 : 1;
}
