<?php
// A session check with sessions in SQLite: hashed tokens, a persistent connection. The variable DATABASE names the file.
require __DIR__ . '/answer.php';
$database = new PDO('sqlite:' . getenv('DATABASE'), options: [PDO::ATTR_PERSISTENT => true]);
$find = $database->prepare('SELECT * FROM sessions WHERE sessionid = ?');
[$id, $token] = explode('.', $_COOKIE['dashboard_session'] ?? '') + ['', ''];
$find->execute([$id]);
$session = $find->fetch(PDO::FETCH_ASSOC);
if (!$session || $session['ended_at'] !== null || $session['ends_at'] <= time()
  || !hash_equals($session['token_hash'], hash('sha512', $token))) refuse(401, 'Sign in required');
$find->execute([$_GET['sessionid'] ?? '']);
$named = $find->fetch(PDO::FETCH_ASSOC);
if (!$named || $named['accountid'] !== $session['accountid']) refuse(404, 'invalid-sessionid');
answer($named['sessionid'], $named['accountid'], $named['csrf_token'], $named['created_at'], $named['ends_at']);
