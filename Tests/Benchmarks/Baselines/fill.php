<?php
// fill.php DATABASE < SESSIONS: creates each session twice: as a native PHP session (in session.save_path, named by the token), and
// in an SQLite database. SESSIONS has lines of SESSIONID TOKEN ACCOUNTID CSRFTOKEN.
$database = new PDO('sqlite:' . $argv[1], options: [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$database->exec('PRAGMA journal_mode = WAL');
$database->exec('CREATE TABLE sessions (sessionid TEXT PRIMARY KEY, token_hash TEXT, accountid TEXT, csrf_token TEXT,
  created_at INTEGER, ends_at INTEGER, ended_at INTEGER) WITHOUT ROWID');
$insert = $database->prepare('INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, NULL)');
$now = time();
$database->beginTransaction();
while ($line = fgets(STDIN)) {
  [$id, $token, $account, $csrf] = explode(' ', trim($line));
  $insert->execute([$id, hash('sha512', $token), $account, $csrf, $now, $now + 2592000]);
  session_id($token);
  session_start(['use_cookies' => 0, 'cache_limiter' => '']);
  $_SESSION = ['sessionid' => $id, 'accountid' => $account, 'csrfToken' => $csrf, 'createdAt' => $now, 'endsAt' => $now + 2592000];
  session_write_close();
}
$database->commit();
