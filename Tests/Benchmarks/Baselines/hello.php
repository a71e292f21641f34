<?php
// The least a script of php-cgi can do.
header('Content-Type: text/plain');
echo "hello\n";
