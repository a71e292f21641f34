#!/bin/sh
# Apache starts this for each request below /api, in its own directory (RFC 3875 section 7.2). The program, its settings
# and the data are in a folder beside the document root, where no URL leads. If yours is elsewhere, write its path here.
cd ../dashboard || exit

# The browser's own words tell the port (HTTP_HOST); Apache's is another one behind a proxy.
unset SERVER_PORT
DASHBOARD_CONFIG=dashboard.conf exec ./dashboard
