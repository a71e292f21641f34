// The story of README.md with OkHttp 3.
// Packages: openjdk-17-jdk-headless libokhttp-java
// Command: /usr/bin/java -Dfile.encoding=UTF-8 -cp /usr/share/java/okhttp.jar:/usr/share/java/okhttp-urlconnection.jar:/usr/share/java/okio.jar
import java.net.CookieManager;
import java.util.regex.Pattern;
import okhttp3.FormBody;
import okhttp3.JavaNetCookieJar;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

class Story {
  static String base;
  static final String username = "Zoë & co + 100 %";
  static final String password = "a pässwörd = ☃; \"x\"";

  static void check(boolean isRight, String what) {
    if (!isRight) throw new AssertionError(what);
  }

  static String member(String json, String name) {
    var matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
    check(matcher.find(), "no " + name + " in " + json);
    return matcher.group(1);
  }

  static String call(
    OkHttpClient client, int status, String method, String route, RequestBody body, String token) throws Exception {
    // OkHttp wants a body for PATCH.
    if (body == null && method.equals("PATCH")) body = RequestBody.create(null, new byte[0]);
    var request = new Request.Builder().url(base + "/api/user/" + route).method(method, body);
    if (token != null) request.header("Authorization", token);
    try (var answer = client.newCall(request.build()).execute()) {
      var text = answer.body().string();
      check(answer.code() == status, route + ": " + answer.code() + " " + text);
      return text;
    }
  }

  public static void main(String[] arguments) throws Exception {
    base = arguments[0];
    var form = new FormBody.Builder().add("username", username).add("password", password).build();
    var parts = new MultipartBody.Builder().setType(MultipartBody.FORM)
      .addFormDataPart("username", username).addFormDataPart("password", password).build();
    var jar = new CookieManager();
    var plain = new OkHttpClient();
    var browser = new OkHttpClient.Builder().cookieJar(new JavaNetCookieJar(jar)).build();
    call(plain, 200, "POST", "create-account", form, null);

    var begun = call(browser, 200, "POST", "create-session", form, null);
    check(!jar.getCookieStore().getCookies().isEmpty(), "no cookie was set");
    var current = call(browser, 200, "GET", "current-session", null, null);
    check(member(current, "sessionid").equals(member(begun, "sessionid")), "another session");
    call(browser, 200, "PATCH", "set-current-session-ended", null, null);
    check(jar.getCookieStore().getCookies().isEmpty(), "a cookie was not cleared");
    call(browser, 401, "GET", "current-session", null, null);

    begun = call(plain, 200, "POST", "create-session", parts, null);
    var token = "Bearer " + member(begun, "sessionid") + "." + member(begun, "token");
    current = call(plain, 200, "GET", "current-session", null, token);
    check(member(current, "sessionid").equals(member(begun, "sessionid")), "another session");
    call(plain, 200, "PATCH", "set-current-session-ended", null, token);
    call(plain, 401, "GET", "current-session", null, token);
    System.exit(0);  // idle connections keep threads alive
  }
}
