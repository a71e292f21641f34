// The story of README.md with Java's own HttpClient, which makes no multipart bodies.
// Packages: openjdk-17-jdk-headless
// Command: /usr/bin/java -Dfile.encoding=UTF-8
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

class Story {
  static String base;
  static final String form = "username=" + encoded("Zoë & co + 100 %") + "&password=" + encoded("a pässwörd = ☃; \"x\"");

  static String encoded(String text) { return URLEncoder.encode(text, StandardCharsets.UTF_8); }

  static void check(boolean isRight, String what) {
    if (!isRight) throw new AssertionError(what);
  }

  static String member(String json, String name) {
    var matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
    check(matcher.find(), "no " + name + " in " + json);
    return matcher.group(1);
  }

  static String call(HttpClient client, int status, String method, String route, String form, String... headers)
    throws Exception {
    var request = HttpRequest.newBuilder(URI.create(base + "/api/user/" + route));
    if (headers.length > 0) request.headers(headers);
    if (form.isEmpty()) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request.header("Content-Type", "application/x-www-form-urlencoded")
        .method(method, HttpRequest.BodyPublishers.ofString(form));
    }
    var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    check(answer.statusCode() == status, route + ": " + answer.statusCode() + " " + answer.body());
    return answer.body();
  }

  public static void main(String[] arguments) throws Exception {
    base = arguments[0];
    var plain = HttpClient.newHttpClient();
    call(plain, 200, "POST", "create-account", form);

    var jar = new CookieManager();
    var browser = HttpClient.newBuilder().cookieHandler(jar).build();
    var begun = call(browser, 200, "POST", "create-session", form);
    check(!jar.getCookieStore().getCookies().isEmpty(), "no cookie was set");
    var current = call(browser, 200, "GET", "current-session", "");
    check(member(current, "sessionid").equals(member(begun, "sessionid")), "another session");
    call(browser, 200, "PATCH", "set-current-session-ended", "");
    check(jar.getCookieStore().getCookies().isEmpty(), "a cookie was not cleared");
    call(browser, 401, "GET", "current-session", "");

    begun = call(plain, 200, "POST", "create-session", form);
    var token = "Bearer " + member(begun, "sessionid") + "." + member(begun, "token");
    current = call(plain, 200, "GET", "current-session", "", "Authorization", token);
    check(member(current, "sessionid").equals(member(begun, "sessionid")), "another session");
    call(plain, 200, "PATCH", "set-current-session-ended", "", "Authorization", token);
    call(plain, 401, "GET", "current-session", "", "Authorization", token);
  }
}
