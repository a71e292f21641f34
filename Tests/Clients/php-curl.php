<?php
// The story of README.md with PHP's curl.
// Packages: php-cli php-curl
// Command: /usr/bin/php
$form = ["username" => "Zoë & co + 100 %", "password" => 'a pässwörd = ☃; "x"'];

function check(bool $isRight, string $what): void {
  if (!$isRight) {
    fwrite(STDERR, "$what\n");
    exit(1);
  }
}

function call(CurlHandle $client, int $status, string $method, string $route, string|array $body = "", array $headers = []): array {
  global $argv;
  curl_setopt_array($client, [
    CURLOPT_URL => "$argv[1]/api/user/$route", CURLOPT_CUSTOMREQUEST => $method, CURLOPT_HTTPHEADER => $headers,
    CURLOPT_RETURNTRANSFER => true,
  ]);
  // An array makes curl send multipart/form-data.
  if ($body) curl_setopt($client, CURLOPT_POSTFIELDS, $body); else curl_setopt($client, CURLOPT_HTTPGET, true);
  curl_setopt($client, CURLOPT_CUSTOMREQUEST, $method);
  $text = curl_exec($client);
  check($text !== false, curl_error($client));
  check(curl_getinfo($client, CURLINFO_RESPONSE_CODE) === $status, "$route: $text");
  return json_decode($text, true, 512, JSON_THROW_ON_ERROR);
}

$plain = curl_init();
call($plain, 200, "POST", "create-account", http_build_query($form));

$browser = curl_init();
curl_setopt($browser, CURLOPT_COOKIEFILE, "");  // turns the jar on
$begun = call($browser, 200, "POST", "create-session", http_build_query($form));
check(count(curl_getinfo($browser, CURLINFO_COOKIELIST)) > 0, "no cookie was set");
check(call($browser, 200, "GET", "current-session")["sessionid"] === $begun["sessionid"], "another session");
call($browser, 200, "PATCH", "set-current-session-ended");
// The list has expired cookies too. The fifth column is the time of expiry.
foreach (curl_getinfo($browser, CURLINFO_COOKIELIST) as $cookie) {
  $expiry = (int) explode("\t", $cookie)[4];
  check($expiry > 0 && $expiry <= time(), "$cookie was not cleared");
}
call($browser, 401, "GET", "current-session");

$begun = call($plain, 200, "POST", "create-session", $form);
$headers = ["Authorization: Bearer $begun[sessionid].$begun[token]"];
check(call($plain, 200, "GET", "current-session", "", $headers)["sessionid"] === $begun["sessionid"], "another session");
call($plain, 200, "PATCH", "set-current-session-ended", "", $headers);
call($plain, 401, "GET", "current-session", "", $headers);
