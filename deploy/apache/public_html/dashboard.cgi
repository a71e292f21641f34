#!/bin/sh
# Apache starts this for each request below /api, /account and /administrator, in this file's folder (RFC 3875 section 7.2). The program,
# its settings and the data are in a folder next to the document root, which no URL reaches. If your folder is elsewhere, write its path here.
cd ../dashboard || exit

# The port is in the browser's header Host. Behind a proxy Apache's own port is a different one.
unset SERVER_PORT
DASHBOARD_CONFIG=dashboard.conf exec ./dashboard
