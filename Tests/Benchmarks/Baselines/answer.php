<?php
// The responses of both session checks in PHP. They have the same form as dashboard's.
function refuse(int $status, string $message): never {
  http_response_code($status);
  exit(json_encode(['object' => 'error', 'message' => $message]));
}

function answer(string $id, string $account, string $csrf, int $created, int $ends): void {
  $time = fn(int $seconds) => gmdate('Y-m-d\TH:i:s.000\Z', $seconds);
  echo json_encode([
    'sessionid' => $id, 'object' => 'session', 'appid' => 'dashboard', 'accountid' => $account,
    'duration' => $ends - $created, 'csrfToken' => $csrf, 'expiresAt' => $time($ends),
    'lastVerifiedAt' => $time($created), 'ended' => false, 'createdAt' => $time($created), 'updatedAt' => $time($created),
  ]);
}

header('Content-Type: application/json; charset=utf-8');
header('Cache-Control: no-store');
header('X-Content-Type-Options: nosniff');
