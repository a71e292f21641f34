<?php
// A session check with PHP's native sessions. `read_and_close` avoids the write lock.
require __DIR__ . '/answer.php';
session_start(['name' => 'token', 'read_and_close' => true, 'cache_limiter' => '', 'use_strict_mode' => 0]);
if (!isset($_SESSION['accountid']) || $_SESSION['endsAt'] <= time()) refuse(401, 'Sign in required');
if (($_GET['sessionid'] ?? '') !== $_SESSION['sessionid']) refuse(404, 'invalid-sessionid');
answer($_SESSION['sessionid'], $_SESSION['accountid'], $_SESSION['csrfToken'], $_SESSION['createdAt'], $_SESSION['endsAt']);
