# The smallest CGI program in Perl: no module, one print.
print "Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n";
