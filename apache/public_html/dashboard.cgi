#!/bin/sh
# Apache starts this for each request below /api, in its own directory (RFC 3875 section 7.2). The program, its settings
# and the data are in a folder beside the document root, where no URL leads. If yours is elsewhere, write its path here.
cd ../dashboard && DASHBOARD_CONFIG=dashboard.conf exec ./dashboard
