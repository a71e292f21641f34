<?php
// The smallest script for php-cgi.
header('Content-Type: text/plain');
echo "hello\n";
